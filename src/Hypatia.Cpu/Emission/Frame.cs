using System.Reflection.Emit;
using Hypatia.Loops;

namespace Hypatia.Cpu.Emission;

/// <summary>The method being emitted: its IL, and where memories and variables live in it.</summary>
internal sealed class Frame(ILGenerator il)
{
    private readonly Dictionary<Memory, LocalBuilder> _memories = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Variable, LocalBuilder> _variables = new(ReferenceEqualityComparer.Instance);

    /// <summary>The epilogues of products: their numbers, and the locals that point to their arguments.</summary>
    public Dictionary<Epilogue, (int Number, LocalBuilder Arguments)> Epilogues { get; } =
        new(ReferenceEqualityComparer.Instance);

    /// <summary>Memories that are written past the caches where that is possible.</summary>
    public IReadOnlySet<Memory> Streamed { get; init; } = new HashSet<Memory>();

    /// <summary>Where instructions go.</summary>
    public ILGenerator IL { get; } = il;

    /// <summary>The local of a memory: its address, or its value if it is a register.</summary>
    public LocalBuilder this[Memory memory] => _memories[memory];

    /// <summary>The local of a variable.</summary>
    public LocalBuilder this[Variable variable] => _variables[variable];

    /// <summary>A local for a memory.</summary>
    public LocalBuilder Declare(Memory memory)
    {
        LocalBuilder local = IL.DeclareLocal(
            memory.Scope == MemoryScope.Register ? StackType(memory.DType) : typeof(nint));
        _memories[memory] = local;
        return local;
    }

    /// <summary>A local for a variable.</summary>
    public LocalBuilder Declare(Variable variable)
    {
        LocalBuilder local = IL.DeclareLocal(StackType(variable.DType));
        _variables[variable] = local;
        return local;
    }

    /// <summary>The type that a value has on the evaluation stack: small integers and bools are int, in their range.</summary>
    public static Type StackType(DType dtype) => dtype switch
    {
        DType.UInt32 => typeof(uint),
        DType.Int64 => typeof(long),
        DType.UInt64 => typeof(ulong),
        DType.Float32 => typeof(float),
        DType.Float64 => typeof(double),
        _ => typeof(int),
    };
}
