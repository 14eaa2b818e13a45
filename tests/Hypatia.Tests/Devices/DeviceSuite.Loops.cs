using Hypatia.Loops;
using Hypatia.Tests.Loops;

namespace Hypatia.Tests.Devices;

/// <summary>Loops of every small length and shape.</summary>
public abstract partial class DeviceSuite
{
    private static readonly Scalar Zero = Scalar.Int(0);

    [Fact]
    public void Maps_of_every_small_length_match_the_interpreter()
    {
        for (int length = 0; length <= 70; length++)
        {
            foreach (DType dtype in (DType[])[DType.Float32, DType.Float64, DType.Int64, DType.UInt8, DType.Bool])
            {
                Memory x = Global("x", dtype, length), y = Global("y", dtype, length);
                Variable i = Variable.Index("i", length);
                Scalar value = new Load(x, i);
                value = dtype == DType.Bool ? Scalar.Apply(UnaryOp.Not, value) : (value * value) + value;
                Check($"map of {length}", [x], [y], Loop(i, LoopKind.Vector, new Store(y, i, value)));
            }
        }
    }

    [Fact]
    public void Loops_of_mixed_widths_match_the_interpreter()
    {
        for (int length = 1; length <= 70; length += 3)
        {
            Memory mask = Global("mask", DType.Bool, length), small = Global("small", DType.UInt8, length);
            Memory single = Global("single", DType.Float32, length), wide = Global("wide", DType.Float64, length);
            Memory label = Global("label", DType.Int64, length);
            Memory y = Global("y", DType.Float64, length), hot = Global("hot", DType.Float32, length);
            Memory any = Global("any", DType.Bool, length);
            Variable i = Variable.Index("i", length);
            Scalar sum = Scalar.Convert(DType.Float64, new Load(single, i)) + new Load(wide, i)
                + Scalar.Convert(DType.Float64, new Load(small, i));
            Scalar isLabel = Scalar.Apply(BinaryOp.Eq, new Load(label, i), i % Scalar.Int(4));
            Check($"mixed loop of {length}", [mask, small, single, wide, label], [y, hot, any],
                Loop(i, LoopKind.Vector,
                    new Store(y, i, Scalar.If(new Load(mask, i), sum, Scalar.Of(DType.Float64, -1))),
                    new Store(hot, i, Scalar.Convert(DType.Float32, isLabel)),
                    new Store(any, i, Scalar.Apply(BinaryOp.Or, new Load(mask, i),
                        Scalar.Less(new Load(single, i), Scalar.Convert(DType.Float32, i))))));
        }
    }

    [Fact]
    public void Reductions_of_every_small_length_match_the_interpreter()
    {
        BinaryOp[] all = [BinaryOp.Add, BinaryOp.Mul, BinaryOp.Min, BinaryOp.Max, BinaryOp.And, BinaryOp.Or];
        for (int length = 0; length <= 70; length++)
        {
            foreach (DType dtype in AllDTypes)
            {
                foreach (BinaryOp op in all.Where(op => op < BinaryOp.And != (dtype == DType.Bool)
                    && !(dtype.IsFloat() && op is BinaryOp.And or BinaryOp.Or) && (length % 5 == 0 || dtype.IsFloat())))
                {
                    Memory x = Global("x", dtype, length), y = Global("y", dtype, 2);
                    var sum = new Memory("sum", dtype, 1, MemoryScope.Register);
                    Variable i = Variable.Index("i", length), j = Variable.Index("j", length);
                    if (op == BinaryOp.Mul && dtype.IsFloat())
                    {
                        continue;                           // products of floats round
                    }

                    Check($"{op} of {length}", [x], [y],
                        new Allocate(sum),
                        new Store(sum, Zero, new Literal(ScalarValue.Of(dtype, 1L))),
                        Loop(i, LoopKind.Vector, new Accumulate(sum, Zero, op, new Load(x, i))),
                        new Store(y, Scalar.Int(1), new Load(sum, Zero)),
                        Loop(j, LoopKind.Vector, new Accumulate(y, Zero, op, new Load(x, j))));
                }
            }
        }
    }

    [Fact]
    public void Rows_and_columns_are_summed_alike()
    {
        foreach ((int rows, int columns) in ((int, int)[])[(1, 1), (3, 5), (7, 16), (16, 33), (5, 70), (40, 3)])
        {
            Memory x = Global("x", DType.Float32, rows * columns);
            Memory byRow = Global("byRow", DType.Float32, rows), byColumn = Global("byColumn", DType.Float32, columns);
            Memory added = Global("added", DType.Float32, columns);
            var sum = new Memory("sum", DType.Float32, 1, MemoryScope.Register);
            var columnSum = new Memory("columnSum", DType.Float32, 1, MemoryScope.Register);
            Variable i = Variable.Index("i", rows), j = Variable.Index("j", columns);
            Variable k = Variable.Index("k", rows), l = Variable.Index("l", columns);
            Scalar at = (i * Scalar.Int(columns)) + j;
            Check($"sums of {rows}×{columns}", [x], [byRow, byColumn, added],
                Loop(i, LoopKind.Serial,
                    new Allocate(sum),
                    new Store(sum, Zero, Scalar.Of(DType.Float32, 0)),
                    Loop(j, LoopKind.Vector,
                        new Accumulate(sum, Zero, BinaryOp.Add, new Load(x, at) * new Load(x, at)),
                        new Accumulate(added, j, BinaryOp.Add, new Load(x, at))),
                    new Store(byRow, i, new Load(sum, Zero))),
                Loop(l, LoopKind.Vector,
                    new Allocate(columnSum),
                    new Store(columnSum, Zero, Scalar.Of(DType.Float32, 0)),
                    Loop(k, LoopKind.Serial, new Accumulate(
                        columnSum, Zero, BinaryOp.Add, new Load(x, (k * Scalar.Int(columns)) + l))),
                    new Store(byColumn, l, new Load(columnSum, Zero))));
        }
    }

    [Fact]
    public void Strides_gathers_and_scatters_match_the_interpreter()
    {
        foreach (DType dtype in (DType[])[DType.Float32, DType.Float64, DType.Int32, DType.UInt8, DType.Bool])
        {
            foreach (int stride in (int[])[-3, -2, -1, 2, 3, 4, 5, 9])
            {
                foreach (int length in (int[])[1, 4, 17, 40, 67])
                {
                    int size = Math.Abs(stride) * length;
                    Memory x = Global("x", dtype, size), y = Global("y", dtype, size), z = Global("z", dtype, length);
                    Variable i = Variable.Index("i", length);
                    Scalar at = stride > 0 ? i * Scalar.Int(stride) : (i * Scalar.Int(stride)) + Scalar.Int(size - 1);
                    Check($"stride {stride} of {length}", [x], [y, z], Loop(i, LoopKind.Vector,
                        new Store(z, i, new Load(x, at)),
                        new Store(y, at, new Load(x, at))));
                }
            }
        }

        for (int length = 1; length <= 70; length += 4)
        {
            Memory x = Global("x", DType.Float32, length), y = Global("y", DType.Float32, length);
            Memory z = Global("z", DType.Float32, length);
            Variable i = Variable.Index("i", length);
            Scalar permuted = (i * Scalar.Int(3)) % Scalar.Int(length);
            Check($"gather and scatter of {length}", [x], [y, z], Loop(i, LoopKind.Vector,
                new Store(y, permuted, new Load(x, Scalar.Int(length - 1) - i)),
                new Accumulate(z, Scalar.Int(length - 1) - i, BinaryOp.Add, new Load(x, permuted))));
        }
    }

    [Fact]
    public void Indices_divided_by_constants_match_the_interpreter()
    {
        foreach (long divisor in (long[])[1, 2, 3, 7, 8, 10, 60, 64, 1000, 1_000_003, (1L << 40) + 1])
        {
            foreach (long scale in (long[])[1, 5, 1001, 1L << 20, (1L << 43) - 3])
            {
                Memory q = Global("q", DType.Int64, 70), r = Global("r", DType.Int64, 70), near = Global("near", DType.Float32, 70);
                Memory q0 = Global("q0", DType.Float32, 70);
                Variable i = Variable.Index("i", 70);
                Scalar x = (i * Scalar.Int(scale)) + Scalar.Int(divisor - 2 + (3 * divisor));
                Check($"{scale}·i by {divisor}", [q0], [q, r, near], Loop(i, LoopKind.Vector,
                    new Store(q, i, x / Scalar.Int(divisor)),
                    new Store(r, i, x % Scalar.Int(divisor)),
                    new Store(near, i, Scalar.If(Scalar.Less(i % Scalar.Int(7), Scalar.Int(3)),
                        new Load(q0, i), Scalar.Convert(DType.Float32, i * Scalar.Int(3))))));
            }
        }
    }

    [Fact]
    public void Scratch_conditions_and_parallel_loops_match_the_interpreter()
    {
        foreach (int width in (int[])[5, 40, 3000])
        {
            const int rows = 60;
            Memory x = Global("x", DType.Float64, rows * width), y = Global("y", DType.Float64, rows * width);
            var tile = new Memory("tile", DType.Float64, width, MemoryScope.Scratch);
            Variable i = Variable.Index("i", rows), j = Variable.Index("j", width), k = Variable.Index("k", width);
            Scalar row = i * Scalar.Int(width);
            Check($"rows of {width}", [x], [y], new For(i, Scalar.Int(rows), LoopKind.Parallel, new Block(
                new Allocate(tile),
                Loop(j, LoopKind.Vector, new Store(tile, j, new Load(x, row + j) * 2)),
                new If(Scalar.Apply(BinaryOp.Ne, i % Scalar.Int(3), Zero), new Block(
                    Loop(k, LoopKind.Vector, new Store(y, row + k,
                        new Load(tile, k) + new Load(tile, Scalar.Int(width - 1) - k))))))));
        }
    }

    [Fact]
    public void Extents_may_be_known_only_at_run_time()
    {
        for (int length = 0; length <= 70; length += 7)
        {
            Memory n = Global("n", DType.Int64, 1), x = Global("x", DType.Float32, 70), y = Global("y", DType.Float32, 70);
            Memory total = Global("total", DType.Float32, 1);
            var i = new Variable("i", DType.Int64);
            var j = new Variable("j", DType.Int64);
            var kernel = new Kernel("runtime", [new(n, false), new(x, false), new(y, true), new(total, true)], new Block(
                new For(i, new Load(n, Zero), LoopKind.Vector, new Block(
                    new Store(y, i, new Load(x, i) + 1),
                    new Accumulate(total, Zero, BinaryOp.Add, new Load(x, i)))),
                new For(j, new Load(n, Zero), LoopKind.Serial, new Block(
                    new Accumulate(y, j, BinaryOp.Max, new Load(x, Zero))))));
            int current = length;
            Check($"run-time length {length}", kernel,
                () => [new long[] { current }, Filled(DType.Float32, 70), new float[70], new float[1]], 0);
        }
    }

    [Fact]
    public void Products_match_the_interpreter()
    {
        foreach (DType dtype in (DType[])[DType.Float32, DType.Float64, DType.Int32, DType.Int64])
        {
            const int m = 9, n = 20, k = 11, batch = 2;
            Memory a = Global("a", dtype, batch * m * k), b = Global("b", dtype, k * n), c = Global("c", dtype, batch * m * n);
            Check($"product of {dtype}", [a, b], [c],
                new Contract(new(c, Zero, m * n, n, 1), new(a, Zero, m * k, k, 1), new(b, Zero, 0, n, 1),
                    batch, m, n, k, accumulate: false),
                new Contract(new(c, Scalar.Int(m * n), 0, n, 1), new(a, Zero, 0, 1, m), new(b, Zero, 0, 1, k),
                    1, m, n, k, accumulate: true));
        }
    }

    [Theory]
    [InlineData(1, 9, 20, 11)]
    [InlineData(3, 40, 70, 9)]
    [InlineData(1, 150, 270, 40)]
    [InlineData(1, 3, 90, 40)]
    [InlineData(1, 90, 3, 80)]
    [InlineData(2, 60, 70, 2)]
    [InlineData(2, 5, 6, 0)]
    public void Products_with_epilogues_match_the_interpreter(int batch, int m, int n, int k)
    {
        foreach (DType dtype in (DType[])[DType.Float32, DType.Float64, DType.Int32])
        {
            foreach (bool isTransposed in (bool[])[false, true])
            {
                long size = (long)m * n;
                Memory a = Global("a", dtype, Math.Max(1, batch * m * k)), b = Global("b", dtype, Math.Max(1, k * n));
                Memory rowBias = Global("rowBias", dtype, m), columnBias = Global("columnBias", dtype, n);
                Memory other = Global("other", dtype, batch * size), c = Global("c", dtype, batch * size);
                Memory positive = Global("positive", DType.Bool, batch * size), twice = Global("twice", dtype, batch * size);
                Variable p = Variable.Index("p", batch), i = Variable.Index("i", m), j = Variable.Index("j", n);
                (long row, long column) = isTransposed ? (1, m) : (n, 1);
                Scalar at = (p * Scalar.Int(size)) + (i * Scalar.Int(row)) + (j * Scalar.Int(column));
                Scalar product = new Load(c, at);
                Scalar value = product + new Load(rowBias, i) + new Load(columnBias, j);
                Scalar scaled = value * new Load(other, at) + Scalar.Convert(dtype, i - j + p);
                var epilogue = new Epilogue(p, i, j,
                [
                    new Store(positive, at, Scalar.Less(Scalar.Of(dtype, 0), value)),
                    new Store(twice, at, product + product),
                    new Store(c, at, Scalar.Apply(BinaryOp.Max, scaled, Scalar.Of(dtype, -40))),
                ]);
                Check($"finished product of {dtype}", [a, b, rowBias, columnBias, other], [c, positive, twice],
                    new Contract(new(c, Zero, size, row, column), new(a, Zero, m * k, k, 1), new(b, Zero, 0, n, 1),
                        batch, m, n, k, accumulate: true, epilogue));
            }
        }
    }

    private static Memory Global(string name, DType dtype, long count) => new(name, dtype, count, MemoryScope.Global);

    private static For Loop(Variable index, LoopKind kind, params Statement[] body) =>
        new(index, Scalar.Int(index.Extent), kind, new Block(body));

    private static Array Filled(DType dtype, long count)
    {
        Array array = Array.CreateInstance(dtype.ClrType(), count);
        var elements = new HostElements(array);
        for (long i = 0; i < count; i++)
        {
            long value = (i * 7 % 11) - (dtype.IsUnsigned() || dtype == DType.Bool ? 0 : 4);
            elements[i] = ScalarValue.Of(dtype, dtype == DType.Bool ? value % 3 : value);
        }

        return array;
    }

    private void Check(string name, Memory[] inputs, Memory[] outputs, params Statement[] body)
    {
        var kernel = new Kernel("test",
            [.. inputs.Select(memory => new Parameter(memory, false)), .. outputs.Select(memory => new Parameter(memory, true))],
            new Block(body));
        Check($"{name} of {inputs[0].DType}", kernel, () =>
            [
                .. inputs.Select(memory => Filled(memory.DType, memory.Count)),
                .. outputs.Select(memory => Array.CreateInstance(memory.DType.ClrType(), memory.Count)),
            ], 0);
    }
}
