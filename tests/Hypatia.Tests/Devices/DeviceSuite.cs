using Hypatia.Devices;
using Hypatia.Loops;
using Hypatia.Tests.Loops;
using Buffer = Hypatia.Devices.Buffer;

namespace Hypatia.Tests.Devices;

/// <summary>What every device must do, whatever it is made of: the same as the interpreter.</summary>
public abstract partial class DeviceSuite
{
    private const int Length = 75;

    private static readonly DType[] AllDTypes = Enum.GetValues<DType>();

    /// <summary>Units in the last place that a mathematical function may differ by; arithmetic is exact.</summary>
    private const double MathTolerance = 4;

    public static TheoryData<UnaryOp> UnaryOps => [.. Enum.GetValues<UnaryOp>()];

    public static TheoryData<BinaryOp> BinaryOps => [.. Enum.GetValues<BinaryOp>()];

    protected abstract Device Device { get; }

    [Theory]
    [MemberData(nameof(UnaryOps))]
    public void Unary_operations_match_the_interpreter(UnaryOp op)
    {
        foreach (DType dtype in AllDTypes.Where(dtype => IsDefined(new Unary(op, Any(dtype)))))
        {
            CheckMap(op.ToString(), [dtype], x => Scalar.Apply(op, Allowed(op, x[0])), IsExact(op) ? 0 : MathTolerance);
        }
    }

    [Theory]
    [MemberData(nameof(BinaryOps))]
    public void Binary_operations_match_the_interpreter(BinaryOp op)
    {
        foreach (DType dtype in AllDTypes.Where(dtype => IsDefined(new Binary(op, Any(dtype), Any(dtype)))))
        {
            double tolerance = op is BinaryOp.Pow or BinaryOp.Atan2 && dtype.IsFloat() ? MathTolerance : 0;
            bool isShift = op is BinaryOp.ShiftLeft or BinaryOp.ShiftRight;
            CheckMap(op.ToString(), [dtype, dtype], x => Scalar.Apply(op, AllowedLeft(op, x[0]), Allowed(op, x[1])), tolerance);
            CheckMap($"{op} of a constant", [dtype, dtype],
                x => Scalar.Apply(op, AllowedLeft(op, x[0]), isShift ? Scalar.Of(dtype, 3) : Scalar.Of(dtype, 5)), tolerance);
        }
    }

    [Fact]
    public void Casts_match_the_interpreter()
    {
        foreach (DType from in AllDTypes)
        {
            foreach (DType to in AllDTypes)
            {
                CheckMap($"{from} to {to}", [from], x => Scalar.Convert(to, x[0]), 0);
                if (from != to && from.Size() == to.Size() && from != DType.Bool && to != DType.Bool)
                {
                    CheckMap($"bits of {from} as {to}", [from], x => new Cast(to, x[0], reinterpret: true), 0);
                }
            }
        }
    }

    [Fact]
    public void Selects_match_the_interpreter()
    {
        foreach (DType dtype in AllDTypes)
        {
            foreach (DType compared in AllDTypes)
            {
                CheckMap($"select of {dtype} by {compared}", [compared, dtype, dtype],
                    x => Scalar.If(Scalar.Apply(BinaryOp.Lt, x[0], Scalar.Of(compared, 1)), x[1], x[2]), 0);
            }

            CheckMap($"select of {dtype} by bool", [DType.Bool, dtype, dtype], x => Scalar.If(x[0], x[1], x[2]), 0);
        }
    }

    [Fact]
    public void Random_kernels_match_the_interpreter()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            (Kernel kernel, Func<Array[]> arguments) = RandomKernel.Make(seed);
            Check($"seed {seed}", kernel, arguments, 0);
        }
    }

    [Fact]
    public void Buffers_copy_slice_and_show_arrays()
    {
        double[] values = [.. Enumerable.Range(0, 10).Select(i => i + 0.5)];
        using Buffer buffer = Device.Allocate(DType.Float64, 10);
        buffer.CopyFrom(values);
        double[] back = new double[10];
        buffer.CopyTo(back);
        Assert.Equal(values, back);

        double[,] part = new double[2, 2];
        using (Buffer slice = buffer.Slice(3 * 8, DType.Float64, 4))
        {
            slice.CopyTo(part);
        }

        Assert.Equal([3.5, 4.5, 5.5, 6.5], part.Cast<double>());
        long[] bits = new long[1];
        buffer.Slice(8, DType.Int64, 1).CopyTo(bits);
        Assert.Equal(BitConverter.DoubleToInt64Bits(1.5), bits[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Slice(8, DType.Float64, 10));

        using Window window = Device.Open(values);
        using Buffer other = Device.Allocate(DType.Float64, 10);
        other.CopyFrom(window.Buffer);
        other.CopyTo(back);
        Assert.Equal(values, back);
        window.Close();
        window.Open(part);
        window.Buffer.CopyFrom(new double[4]);
        Assert.Equal(new double[2, 2], part);

        // Each time what was opened last, whether the collector may move it or not.
        double[] pinned = GC.AllocateArray<double>(4, pinned: true);
        foreach (Array array in (Array[])[part, pinned, part, pinned])
        {
            window.Close();
            window.Open(array, isPinned: array == pinned);
            window.Buffer.CopyFrom(new double[] { array.Rank, 2, 3, 4 });
        }

        window.Close();
        Assert.Equal(new double[,] { { 2, 2 }, { 3, 4 } }, part);
        Assert.Equal([1, 2, 3, 4], pinned);
        Assert.Throws<ArgumentException>(() => other.CopyTo(new double[9]));
        Assert.Throws<ArgumentException>(() => other.CopyFrom(new float[10]));
    }

    /// <summary>Compares y[i] = f(x[i]) with the interpreter, in a vector and in a serial loop.</summary>
    private void CheckMap(string name, DType[] inputs, Func<Scalar[], Scalar> f, double tolerance)
    {
        foreach (LoopKind kind in (LoopKind[])[LoopKind.Serial, LoopKind.Vector])
        {
            int length = inputs.Length == 2 ? Length * Length : Length;
            Variable i = Variable.Index("i", length);
            Memory[] memories = [.. inputs.Select((dtype, n) => new Memory($"x{n}", dtype, length, MemoryScope.Global))];
            Scalar value = f([.. memories.Select(memory => new Load(memory, i))]);
            var y = new Memory("y", value.DType, length, MemoryScope.Global);
            var kernel = new Kernel("map", [.. memories.Select(memory => new Parameter(memory, false)), new(y, true)],
                new Block(new For(i, Scalar.Int(length), kind, new Block(new Store(y, i, value)))));
            Check($"{name} of {inputs[^1]}", kernel, () =>
                [
                    .. inputs.Select((dtype, n) => Values(dtype, length, k => n == 0 ? k : length == Length ? k * (n + 1) : k / Length)),
                    Array.CreateInstance(y.DType.ClrType(), length),
                ], tolerance);
        }
    }

    /// <summary>Runs a kernel on the device and in the interpreter.</summary>
    protected void Check(string name, Kernel kernel, Func<Array[]> arguments, double tolerance)
    {
        Array[] expected = arguments();
        Interpreter.Run(kernel, expected);
        Array[] actual = arguments();
        Window[] windows = [.. actual.Select(Device.Open)];
        Executable executable = Device.Compile(kernel);
        executable.Prepare();           // whether or not that is done when it runs
        executable.Run([.. windows.Select(window => window.Buffer)]);
        foreach (Window window in windows)
        {
            window.Dispose();
        }

        for (int n = 0; n < expected.Length; n++)
        {
            var right = new HostElements(expected[n]);
            var got = new HostElements(actual[n]);
            for (long k = 0; k < right.Count; k++)
            {
                if (!AreClose(right[k], got[k], tolerance))
                {
                    string inputs = string.Join(", ", actual.Take(n).Where(array => array.Length == right.Count)
                        .Select(array => new HostElements(array)[k].ToString()));
                    Assert.Fail($"{name}: {kernel.Parameters[n].Memory}[{k}] is {got[k]}, not {right[k]} ({inputs})\n{kernel}");
                }
            }
        }
    }

    private static bool AreClose(ScalarValue expected, ScalarValue actual, double tolerance)
    {
        if (expected == actual || !expected.DType.IsFloat())
        {
            return expected == actual;
        }

        double x = expected.AsDouble, y = actual.AsDouble;
        if (double.IsNaN(x) || double.IsNaN(y))
        {
            return double.IsNaN(x) && double.IsNaN(y);
        }

        double ulp = expected.DType == DType.Float32 ? MathF.BitIncrement((float)Math.Abs(x)) - (float)Math.Abs(x)
            : Math.BitIncrement(Math.Abs(x)) - Math.Abs(x);
        return tolerance > 0 && Math.Abs(x - y) <= tolerance * ulp;
    }

    private static Array Values(DType dtype, int length, Func<int, int> pick)
    {
        ScalarValue[] values = Specials(dtype);
        Array array = Array.CreateInstance(dtype.ClrType(), length);
        var elements = new HostElements(array);
        for (int k = 0; k < length; k++)
        {
            elements[k] = values[pick(k) % values.Length];
        }

        return array;
    }

    private static ScalarValue[] Specials(DType dtype)
    {
        double[] floats =
        [
            0.0, -0.0, 1, -1, 0.5, -0.5, 2, -2, 3, -3, 0.1, -0.1, 1e-3, -1e-3, 0.25, 0.7, -0.7, 1.5, -1.5, 2.5, -2.5,
            10, -10, 3.7, -3.7, 20, -20, 88, -88, 90, -104, 100.25, -100.25, 700, -700, 1e-8, -1e-8, 1e-20, -1e-20,
            1e-39, -1e-39, 1e-44, 1e5, -1e5, 1e8, -1e8, 1e10, -1e10, 1e18, -1e18, 1e20, -1e20, 3e38, -3e38,
            double.PositiveInfinity, double.NegativeInfinity, double.NaN, Math.PI, -Math.PI, Math.PI / 2, -Math.PI / 2,
            0.99999, -0.99999, 1.00001, 4, 255, 256, -129, 32768, 2147483648.0,
        ];
        if (dtype == DType.Float64)
        {
            floats = [.. floats, 1e-310, -1e-310, 1e300, -1e300];
            floats = [.. floats.Except([1e-39, -1e-39, 1e-44, 100.25])];
        }

        return dtype.IsFloat() ? [.. floats.Select(x => ScalarValue.Of(dtype, x))]
            : dtype == DType.Bool ? [ScalarValue.Of(true), ScalarValue.Of(false), ScalarValue.Of(true)]
            : [.. new[]
                {
                    0, 1, 2, 3, 5, 7, 10, 63, 100, 127, 128, 255, 256, 1000, 32767, 65535, 100_000, int.MaxValue,
                    uint.MaxValue, 1L << 33, long.MaxValue, -1, -2, -3, -7, -100, -128, -129, -32768, -100_000,
                    int.MinValue, -(1L << 33), long.MinValue,
                }.Select(x => ScalarValue.Of(dtype, x)).Distinct()];
    }

    private static Variable Any(DType dtype) => new("x", dtype);

    // An operand for which the operation is specified.
    private static Scalar Allowed(UnaryOp op, Scalar x)
    {
        if (op is not (UnaryOp.Exponent or UnaryOp.Significand))
        {
            return x;
        }

        Scalar size = Scalar.Apply(UnaryOp.Abs, x), zero = Scalar.Of(x.DType, 0), infinity = Scalar.Of(x.DType, double.PositiveInfinity);
        Scalar isRegular = Scalar.And(Scalar.Less(zero, size), Scalar.Less(size, infinity));
        return op == UnaryOp.Exponent ? size : Scalar.If(isRegular, size, Scalar.Of(x.DType, 1.7));
    }

    // A left operand for which the operation is specified.
    private static Scalar AllowedLeft(BinaryOp op, Scalar x)
    {
        if (op != BinaryOp.Scale)
        {
            return x;
        }

        Scalar size = Scalar.Apply(UnaryOp.Abs, x);
        Scalar isModerate = Scalar.And(Scalar.Less(Scalar.Of(x.DType, 1e-4), size), Scalar.Less(size, Scalar.Of(x.DType, 65_000)));
        return Scalar.If(isModerate, x, Scalar.Of(x.DType, 1.7));
    }

    // A right operand for which the operation is specified.
    private static Scalar Allowed(BinaryOp op, Scalar y) => op switch
    {
        BinaryOp.ShiftLeft or BinaryOp.ShiftRight => Scalar.And(y, Scalar.Of(y.DType, (8 * y.DType.Size()) - 1)),
        BinaryOp.Scale => Scalar.If(
            Scalar.Less(Scalar.Apply(UnaryOp.Abs, y), Scalar.Of(y.DType, 253)), Scalar.Apply(UnaryOp.Trunc, y), Scalar.Of(y.DType, -140)),
        _ => y,
    };

    private static bool IsExact(UnaryOp op) =>
        op is UnaryOp.Neg or UnaryOp.Not or UnaryOp.Abs or UnaryOp.Sign or UnaryOp.Sqrt or UnaryOp.IsNaN or UnaryOp.IsInf
            or UnaryOp.Floor or UnaryOp.Ceil or UnaryOp.Trunc or UnaryOp.Round or UnaryOp.Exponent or UnaryOp.Significand;

    private static bool IsDefined(Scalar scalar)
    {
        try
        {
            KernelVerifier.Verify(new Kernel("k", [],
                new Block([.. scalar.Operands.Distinct().Select(x => new Let((Variable)x, new Literal(ScalarValue.Of(x.DType, 1L)))),
                    new Let(new Variable("y", scalar.DType), scalar)])));
            return true;
        }
        catch (CompilerException)
        {
            return false;
        }
    }
}
