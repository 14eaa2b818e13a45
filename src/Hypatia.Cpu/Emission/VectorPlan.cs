// A little long because what a loop needs is found in one walk over its statements and scalars.
using System.Numerics;
using Hypatia.Cpu.Instructions;
using Hypatia.Loops;

namespace Hypatia.Cpu.Emission;

/// <summary>How a scalar depends on the index of a vector loop.</summary>
internal enum Dependence
{
    /// <summary>Not at all, nor on anything that the loop introduces or writes.</summary>
    Invariant,

    /// <summary>One value for all lanes, known inside the loop.</summary>
    Uniform,

    /// <summary>An int64: a value for all lanes + a constant times the index.</summary>
    Affine,

    /// <summary>A value for each lane.</summary>
    Varying,
}

/// <summary>How a vector loop is emitted: what depends on the index and how, the number of lanes, the reductions.</summary>
/// <remarks>Every vector of one loop has as many lanes: as many as the widest element in it allows.</remarks>
internal sealed class VectorPlan
{
    /// <summary>Independent sums that hide the latency of an addition.</summary>
    private const int ReductionCopies = 4;

    /// <summary>Operations beyond which more copies of a body are not worth their code, or the registers: it keeps the processor busy.</summary>
    private static readonly int LargeBody = Machine.HasManyRegisters ? 100 : 60;

    /// <summary>Accumulators that leave enough registers for the rest.</summary>
    private const int MostAccumulators = 12;

    private readonly Dictionary<Scalar, Form> _forms = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Variable, Scalar> _values = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Scalar> _asVector = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<object> _inner = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Memory> _written = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Memory> _read = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Scalar> _searched = new(ReferenceEqualityComparer.Instance);
    private readonly List<Scalar> _order = [];
    private readonly List<Accumulate> _reductions = [];
    private readonly HashSet<Accumulate> _widened = [];
    private readonly Variable _index;
    private int _operations;
    private int _loads;

    private VectorPlan(For loop) => _index = loop.Index;

    /// <summary>Lanes of every vector.</summary>
    public int Lanes { get; private set; }

    /// <summary>Vectors worked on at once.</summary>
    public int Copies { get; private set; }

    /// <summary>Bytes of the widest element.</summary>
    public int MaxSize { get; private set; } = 1;

    /// <summary>Updates of targets that do not depend on the index nor on anything in the loop.</summary>
    public IReadOnlyList<Accumulate> Reductions => _reductions;

    /// <summary>
    /// Whether a reduction of narrow elements adds them up in wide ones, each vector in two: <c>float64(x)</c>, where
    /// everything else is float32 and worth as many lanes as that allows.
    /// </summary>
    public bool IsWidened(Accumulate reduction) => _widened.Contains(reduction);

    /// <summary>Whether the body calls functions, which leave no vector in a register.</summary>
    public bool CallsFunctions { get; private set; }

    /// <summary>A plan, or null if the loop cannot be vectorized with vectors of a width.</summary>
    public static VectorPlan? TryMake(For loop, int vectorBits)
    {
        if (vectorBits == 0)
        {
            return null;
        }

        var plan = new VectorPlan(loop);
        plan.FindInner(loop.Body);
        if (!plan.Supports(loop.Body))
        {
            return null;
        }

        plan.ChooseLanes(loop, vectorBits);
        return plan;
    }

    /// <summary>How a scalar depends on the index.</summary>
    public Dependence Of(Scalar scalar) => FormOf(scalar).Dependence;

    /// <summary>Whether all lanes have one value.</summary>
    public bool IsUniform(Scalar scalar) => Of(scalar) <= Dependence.Uniform;

    /// <summary>An index that is not varying as start + step · index of the loop.</summary>
    public (Scalar Start, long Step) Affine(Scalar scalar) =>
        FormOf(scalar) is { Start: { } start, Step: var step } ? (start, step) : (scalar, 0);

    /// <summary>Whether a scalar is an affine index in fewer bits, which is computed in those alone: both wrap.</summary>
    public bool IsSequence(Scalar scalar) =>
        scalar is Cast { Reinterpret: false } cast && cast.DType.IsInteger() && Of(cast.X) == Dependence.Affine;

    /// <summary>Bytes of each lane of the mask that a bool is computed as; 0 if any will do.</summary>
    public int MaskSize(Scalar x) => IsUniform(x) ? 0 : x switch
    {
        Variable variable => MaskSize(_values[variable]),
        Load { Memory.Scope: MemoryScope.Register } => MaxSize,
        Load => 1,
        Unary { Op: UnaryOp.IsNaN or UnaryOp.IsInf } predicate => predicate.X.DType.Size(),
        Binary binary when binary.X.DType != DType.Bool => binary.X.DType.Size(),
        Cast cast => cast.X.DType.Size(),
        _ => x.Operands.Max(MaskSize),
    };

    /// <summary>Whether the loop introduces a memory.</summary>
    public bool IsInner(Memory memory) => _inner.Contains(memory);

    /// <summary>Whether an operation is a function that is called for each lane.</summary>
    public static bool IsFunction(Scalar scalar) => scalar switch
    {
        Unary { Op: >= UnaryOp.Exp and <= UnaryOp.Atanh and not UnaryOp.Sqrt } => true,
        Binary { Op: BinaryOp.Pow or BinaryOp.Atan2 } => true,
        Binary { Op: BinaryOp.Mod or BinaryOp.FloorDiv } division => !IsDivisionByConstant(division),
        _ => false,
    };

    /// <summary>Whether an operation is an integer division, or its remainder, that vectors have.</summary>
    public static bool IsDivisionByConstant(Binary x) =>
        x is { DType: DType.Int64, Op: BinaryOp.FloorDiv or BinaryOp.Mod, Y: Literal { Value.AsInt64: > 0 and var divisor } }
        && (BitOperations.IsPow2(divisor) || IndexMath.Range(x.X) is (>= 0, < VectorOps.LargestDividend));

    private void FindInner(Block block)
    {
        foreach (Statement statement in block.Statements)
        {
            switch (statement)
            {
                case Block inner:
                    FindInner(inner);
                    break;
                case For loop:
                    _inner.Add(loop.Index);
                    FindInner(loop.Body);
                    break;
                case Let let:
                    _inner.Add(let.Variable);
                    FindReads(let.Value);
                    break;
                case Store store:
                    _written.Add(store.Memory);
                    FindReads(store.Index);
                    FindReads(store.Value);
                    break;
                case Accumulate update:
                    _written.Add(update.Memory);
                    FindReads(update.Index);
                    FindReads(update.Value);
                    break;
                case Prefetch prefetch:
                    FindReads(prefetch.Index);
                    break;
                case If choice:
                    FindReads(choice.Condition);
                    FindInner(choice.Then);
                    break;
                case Allocate allocate:
                    _inner.Add(allocate.Memory);
                    break;
            }
        }
    }

    private void FindReads(Scalar scalar)
    {
        _order.Clear();
        ScalarGraph.InOrder(scalar, _searched, _order);
        foreach (Scalar node in _order)
        {
            if (node is Load load)
            {
                _read.Add(load.Memory);
            }
        }
    }

    /// <summary>Whether every statement has a vector form; notes on the way what that needs.</summary>
    private bool Supports(Block block)
    {
        foreach (Statement statement in block.Statements)
        {
            bool supported = statement switch
            {
                Block inner => Supports(inner),
                For loop => loop.Kind != LoopKind.Vector && IsUniform(loop.Extent) && Supports(loop.Body),
                Let let => Supports(let),
                Store store => Supports(store),
                Accumulate update => Supports(update),
                Prefetch => true,
                If choice => IsUniform(choice.Condition) && Supports(choice.Then),
                Allocate allocate => allocate.Memory.Scope == MemoryScope.Register,
                _ => false,
            };
            if (!supported)
            {
                return false;
            }
        }

        return true;
    }

    private bool Supports(Let let)
    {
        _values.Add(let.Variable, let.Value);
        Form form = FormOf(let.Value);
        _forms[let.Variable] = form.Dependence == Dependence.Invariant ? Form.Uniform : form;
        if (form.Dependence == Dependence.Varying)
        {
            NeedVector(let.Value);
        }

        return true;
    }

    private bool Supports(Store store)
    {
        if (store.Memory.Scope == MemoryScope.Register)
        {
            NeedVector(store.Value);
            return IsInner(store.Memory);
        }

        NeedVector(store.Value);
        return NeedAccess(store.Index) > Dependence.Uniform;
    }

    private bool Supports(Accumulate update)
    {
        if (CanWiden(update))
        {
            _widened.Add(update);
            NeedVector(((Cast)update.Value).X);
        }
        else
        {
            NeedVector(update.Value);
        }

        if (IsInner(update.Memory))
        {
            return true;
        }

        if (!IsUniform(update.Index))
        {
            NeedAccess(update.Index);
            return true;
        }

        if (Of(update.Index) == Dependence.Invariant)
        {
            _reductions.Add(update);
        }

        return !_read.Contains(update.Memory)
            && _reductions.TrueForAll(other => other.Memory != update.Memory || other.Op == update.Op);
    }

    private bool CanWiden(Accumulate update) =>
        update is { Op: BinaryOp.Add or BinaryOp.Mul, Value: Cast { Reinterpret: false, X: var x } value }
        && x.DType != DType.Bool && x.DType.IsFloat() == value.DType.IsFloat() && 2 * x.DType.Size() == value.DType.Size()
        && Of(x) == Dependence.Varying && Of(update.Index) == Dependence.Invariant && !IsInner(update.Memory);

    private Dependence NeedAccess(Scalar index)
    {
        Dependence dependence = Of(index);
        if (dependence == Dependence.Varying)
        {
            NeedVector(index);
        }

        return dependence;
    }

    /// <summary>Notes that a scalar is computed as a vector, which limits the number of lanes.</summary>
    private void NeedVector(Scalar scalar)
    {
        if (!_asVector.Add(scalar))
        {
            return;
        }

        MaxSize = Math.Max(MaxSize, scalar.DType.Size());
        if (IsUniform(scalar) || Of(scalar) == Dependence.Affine)
        {
            return;
        }

        _operations++;
        CallsFunctions |= IsFunction(scalar);
        if (IsSequence(scalar))
        {
            return;
        }

        if (scalar is Load load)
        {
            _loads++;
            if (load.Memory.Scope != MemoryScope.Register)
            {
                NeedAccess(load.Index);
            }

            return;
        }

        foreach (Scalar operand in scalar.OperandSpan)
        {
            NeedVector(operand);
        }
    }

    private Form FormOf(Scalar scalar)
    {
        if (!_forms.TryGetValue(scalar, out Form? form))
        {
            _forms.Add(scalar, form = Find(scalar));
        }

        return form;
    }

    private Form Find(Scalar scalar)
    {
        switch (scalar)
        {
            case Literal:
                return Form.Invariant;
            case Variable variable when variable == _index:
                return Form.Affine(Scalar.Int(0), 1);
            case Variable variable:
                return _inner.Contains(variable) ? Form.Uniform : Form.Invariant;
            case Load { Memory.Scope: MemoryScope.Register } load:
                return IsInner(load.Memory) ? Form.Varying : Form.Invariant;
            case Load load:
                Form index = FormOf(load.Index);
                return index.Dependence >= Dependence.Affine ? Form.Varying
                    : _written.Contains(load.Memory) ? Form.Uniform : index;
            case Binary { DType: DType.Int64 } binary when TryAffine(binary) is { } affine:
                return affine;
            default:
                Form most = Form.Invariant;
                foreach (Scalar operand in scalar.OperandSpan)
                {
                    Form form = FormOf(operand);
                    most = form.Dependence > most.Dependence ? form : most;
                }

                return most.Dependence == Dependence.Affine ? Form.Varying : most;
        }
    }

    private Form? TryAffine(Binary x)
    {
        Dependence left = Of(x.X), right = Of(x.Y);
        if (left == Dependence.Varying || right == Dependence.Varying
            || (left != Dependence.Affine && right != Dependence.Affine))
        {
            return null;
        }

        (Scalar Start, long Step) a = Affine(x.X), b = Affine(x.Y);
        return x.Op switch
        {
            BinaryOp.Add => Form.Affine(a.Start + b.Start, a.Step + b.Step),
            BinaryOp.Sub => Form.Affine(a.Start - b.Start, a.Step - b.Step),
            BinaryOp.Mul when x.Y is Literal factor => Form.Affine(a.Start * x.Y, a.Step * factor.Value.AsInt64),
            _ => null,
        };
    }

    private void ChooseLanes(For loop, int vectorBits)
    {
        // What is only loaded is converted as it is loaded.
        if (_operations == _loads)
        {
            MaxSize = WidestOf(_widened);
        }

        long? extent = loop.Extent is Literal literal ? literal.Value.AsInt64 : null;
        Lanes = vectorBits / 8 / MaxSize;
        while (extent < Lanes && Lanes * MaxSize > 16)
        {
            Lanes /= 2;
        }

        _widened.RemoveWhere(update => Lanes * update.Memory.DType.Size() * 8 != 2 * vectorBits);
        MaxSize = WidestOf(_reductions.FindAll(update => !_widened.Contains(update)));
        int accumulators = _reductions.Count + _widened.Count;
        Copies = _reductions.Count > 0 ? ReductionCopies : 2;
        while (Copies > 1 && (extent < (long)Copies * Lanes || Copies * _operations > LargeBody
            || Copies * accumulators > MostAccumulators))
        {
            Copies /= 2;
        }
    }

    private int WidestOf(IEnumerable<Accumulate> updates)
    {
        int widest = MaxSize;
        foreach (Accumulate update in updates)
        {
            widest = Math.Max(widest, update.Memory.DType.Size());
        }

        return widest;
    }

    /// <summary>How a scalar depends on the index; if it is affine, as start + step · index.</summary>
    private sealed record Form(Dependence Dependence, Scalar? Start = null, long Step = 0)
    {
        public static readonly Form Invariant = new(Dependence.Invariant);
        public static readonly Form Uniform = new(Dependence.Uniform);
        public static readonly Form Varying = new(Dependence.Varying);

        public static Form Affine(Scalar start, long step) => new(Dependence.Affine, start, step);
    }
}
