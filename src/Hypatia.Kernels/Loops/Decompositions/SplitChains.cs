using Hypatia.Loops.Passes;

namespace Hypatia.Loops.Decompositions;

/// <summary>
/// Splits vector loops in which functions wait for functions, as <c>log1p(exp(x))</c>: first the inner ones for a strip of
/// iterations, into scratch memory that stays in the first-level cache, then what is computed from them.
/// </summary>
/// <remarks>
/// A processor looks some 300 instructions ahead, which are two or three iterations of such a loop: their latency shows. Split in two,
/// each loop has half of the latency and half of the instructions, so twice as many iterations overlap. To come before
/// <see cref="Decompose"/>, which leaves no functions. What is written, is written in the last loop, in the order that it was.
/// </remarks>
public static class SplitChains
{
    /// <summary>Bytes of a strip's intermediates: half of a common first-level cache.</summary>
    private const long StripBytes = 16 << 10;

    /// <summary>Iterations below which there is little to overlap.</summary>
    private const long FewestIterations = 64;

    /// <summary>Elements of the longest vector of floats.</summary>
    private const long VectorLength = 16;

    /// <summary>The kernel with long chains split.</summary>
    public static Kernel Apply(Kernel kernel) => new(kernel.Name, kernel.Parameters, Apply(kernel.Body));

    private static Block Apply(Block block) => new([.. block.Statements.SelectMany(Apply)]);

    private static IEnumerable<Statement> Apply(Statement statement) => statement switch
    {
        Block block => [Apply(block)],
        For { Kind: LoopKind.Vector } loop => Iterations(loop) >= FewestIterations && loop.Body.Statements.All(IsPlain)
            ? new Chains(loop).Split() ?? [loop]
            : [loop],
        For loop => [new For(loop.Index, loop.Extent, loop.Kind, Apply(loop.Body))],
        If choice => [new If(choice.Condition, Apply(choice.Then))],
        _ => [statement],
    };

    // At most; 0 if nothing is known.
    private static long Iterations(For loop) => loop.Extent is Literal extent ? extent.Value.AsInt64 : loop.Index.Extent;

    private static bool IsPlain(Statement statement) => statement is Store { Memory.Scope: not MemoryScope.Register } or Accumulate;

    /// <summary>The chains of functions in a loop.</summary>
    private sealed class Chains
    {
        private readonly For _loop;
        private readonly long _iterations;
        private readonly Dictionary<Scalar, int> _depths = new(ReferenceEqualityComparer.Instance);
        private readonly Dictionary<Scalar, Memory> _kept = [];
        private readonly HashSet<Scalar> _parts = new(ReferenceEqualityComparer.Instance);
        private readonly HashSet<Scalar> _restsOfParts = new(ReferenceEqualityComparer.Instance);

        public Chains(For loop)
        {
            _loop = new For(loop.Index, loop.Extent, loop.Kind, new ScalarRewriter(Opened).Apply(loop.Body));
            _iterations = Iterations(loop);
        }

        /// <summary>What replaces the loop; null if it stays as it is.</summary>
        public IReadOnlyList<Statement>? Split()
        {
            int depth = 0;
            foreach (Scalar root in _loop.Body.Statements.SelectMany(StatementTree.Scalars))
            {
                depth = Math.Max(depth, ScalarGraph.Complete(root, _depths, DepthOf));
            }

            if (depth < 2)
            {
                return null;
            }

            Keep();
            long bytes = 0;
            foreach (Scalar function in _kept.Keys)
            {
                bytes += function.DType.Size();
            }

            long strip = StripLength(StripBytes / bytes);
            return strip < FewestIterations || ReadsWhatIsWritten() ? null : Split(depth, strip);
        }

        // All iterations; or a divisor, so that every strip is as long; or what fits.
        private long StripLength(long most)
        {
            if (_iterations <= most)
            {
                return _iterations;
            }

            most = most / VectorLength * VectorLength;
            long divisor = most;
            while (_loop.Extent is Literal && divisor > most / 4 && _iterations % divisor != 0)
            {
                divisor -= VectorLength;
            }

            return divisor > most / 4 ? divisor : most;
        }

        // A power is as long as two functions: a logarithm, in two floats, and an exponential.
        private Scalar Opened(Scalar scalar)
        {
            if (scalar is not Binary { Op: BinaryOp.Pow, DType: DType.Float32 or DType.Float64 } power)
            {
                return scalar;
            }

            (Scalar whole, Scalar log, Scalar rest) = Power.InParts(power.X, power.Y);
            _parts.UnionWith([whole, log, rest]);
            _restsOfParts.Add(rest);
            return whole;
        }

        private bool IsFunction(Scalar scalar) => scalar is Unary { Op: >= UnaryOp.Exp and <= UnaryOp.Atanh and not UnaryOp.Sqrt }
            or Binary { Op: BinaryOp.Atan2 } || _parts.Contains(scalar);

        // How many functions wait for each other, up to a scalar; −1 for what is the same in all iterations.
        private int DepthOf(Scalar scalar)
        {
            int depth = ReferenceEquals(scalar, _loop.Index) ? 0 : -1;
            foreach (Scalar operand in scalar.OperandSpan)
            {
                depth = Math.Max(depth, _depths[operand]);
            }

            return depth >= 0 && IsFunction(scalar) && !_restsOfParts.Contains(scalar) ? depth + 1 : depth;
        }

        /// <summary>Finds the functions that others wait for.</summary>
        private void Keep()
        {
            foreach (Scalar function in _depths.Keys.Where(scalar => _depths[scalar] > 1 && IsFunction(scalar)).ToArray())
            {
                HashSet<Scalar> seen = new(ReferenceEqualityComparer.Instance);
                Stack<Scalar> path = new(function.Operands);
                while (path.TryPop(out Scalar? scalar))
                {
                    if (_depths[scalar] < 1 || !seen.Add(scalar))
                    {
                        continue;
                    }

                    if (IsFunction(scalar))
                    {
                        _kept.TryAdd(scalar, null!);
                        continue;
                    }

                    foreach (Scalar operand in scalar.OperandSpan)
                    {
                        path.Push(operand);
                    }
                }
            }
        }

        // They would be computed before it is written.
        private bool ReadsWhatIsWritten()
        {
            HashSet<Memory> written = new(ReferenceEqualityComparer.Instance);
            foreach (Statement statement in _loop.Body.Statements)
            {
                written.Add(statement is Store store ? store.Memory : ((Accumulate)statement).Memory);
            }

            return _kept.Keys.SelectMany(ScalarGraph.InOrder).OfType<Load>().Any(load => written.Contains(load.Memory));
        }

        private List<Statement> Split(int depth, long strip)
        {
            List<Statement> statements = [];
            foreach (Scalar function in _kept.Keys.ToArray())
            {
                var memory = new Memory($"f{statements.Count}", function.DType, strip, MemoryScope.Scratch);
                _kept[function] = memory;
                statements.Add(new Allocate(memory));
            }

            if (strip == _iterations)
            {
                statements.AddRange(Loops(depth, Scalar.Int(0), strip, _loop.Extent));
                return statements;
            }

            long strips = (_iterations + strip - 1) / strip;
            Variable number = Variable.Index("strip", strips);
            Scalar start = number * Scalar.Int(strip);
            Scalar extent = _loop.Extent is Literal && _iterations % strip == 0
                ? Scalar.Int(strip)
                : Scalar.Apply(BinaryOp.Min, Scalar.Int(strip), _loop.Extent - start);
            statements.Add(new For(number, Scalar.Int(strips), LoopKind.Serial, new Block(Loops(depth, start, strip, extent))));
            return statements;
        }

        /// <summary>A loop for each depth of the functions that are kept, and the one that writes.</summary>
        private IEnumerable<For> Loops(int depth, Scalar start, long strip, Scalar extent)
        {
            for (int d = 1; d <= depth; d++)
            {
                Variable index = Variable.Index(_loop.Index.Name, strip);
                var rewriter = new Rewriter(this, d, index, start);
                List<Statement> body = [];
                foreach ((Scalar function, Memory memory) in _kept)
                {
                    if (d < depth && _depths[function] == d)
                    {
                        body.Add(new Store(memory, index, rewriter.Function(function)));
                    }
                }

                if (d == depth)
                {
                    body.AddRange(_loop.Body.Statements.Select(rewriter.Apply));
                }

                if (body.Count > 0)
                {
                    yield return new For(index, extent, LoopKind.Vector, new Block(body));
                }
            }
        }

        /// <summary>Reads what was kept of smaller depths, and has another index.</summary>
        private sealed class Rewriter(Chains chains, int depth, Variable index, Scalar start)
        {
            private readonly Dictionary<Scalar, Scalar> _done = new(ReferenceEqualityComparer.Instance);
            private readonly Scalar _at = start is Literal ? index : start + index;

            public Statement Apply(Statement statement) => statement switch
            {
                Store store => new Store(store.Memory, Apply(store.Index), Apply(store.Value)),
                Accumulate update => new Accumulate(update.Memory, Apply(update.Index), update.Op, Apply(update.Value)),
                _ => throw new ArgumentOutOfRangeException(nameof(statement), statement.GetType(), "not plain"),
            };

            public Scalar Function(Scalar function)
            {
                foreach (Scalar operand in function.OperandSpan)
                {
                    Apply(operand);
                }

                return function.Over(_done);
            }

            private Scalar Apply(Scalar scalar) => ScalarGraph.Complete(scalar, _done, Of);

            private Scalar Of(Scalar scalar) => ReferenceEquals(scalar, chains._loop.Index) ? _at
                : chains._depths[scalar] is > 0 and var d && d < depth && chains._kept.TryGetValue(scalar, out Memory? memory)
                    ? new Load(memory, index)
                : scalar.Over(_done);
        }
    }
}
