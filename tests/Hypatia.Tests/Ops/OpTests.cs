namespace Hypatia.Tests.Ops;

/// <summary>What every op must do, for each row of <see cref="OpTable"/>.</summary>
public sealed class OpTests
{
    /// <summary>Ops that are no functions of tensors.</summary>
    private static readonly Dictionary<Type, string> WithoutRow = new()
    {
        [typeof(Input)] = "an argument",
        [typeof(SharedState)] = "a state",
        [typeof(Constant)] = "a value",
        [typeof(PartialSum)] = "made by the scheduler, never by an expression",
        [typeof(PartialReduction)] = "made by the scheduler, never by an expression",
    };

    public static TheoryData<string> Ops => [.. OpTable.Rows.Keys];

    public static IEnumerable<object[]> OpsAndDevices =>
        from op in OpTable.Rows.Keys
        from device in new[] { "reference", "cpu" }
        select new object[] { op, device };

    [Theory]
    [MemberData(nameof(OpsAndDevices))]
    public void Values_are_those_of_the_formula(string op, string device) => On(device, () =>
    {
        OpRow row = OpTable.Rows[op];
        foreach (DType dtype in DTypes(row))
        {
            Check(row, dtype, Random(row, [.. row.Args.Select(arg => arg.Shape)], dtype));
        }
    });

    [Theory]
    [MemberData(nameof(OpsAndDevices))]
    public void Empty_axes_and_axes_of_length_1_are_no_exception(string op, string device) => On(device, () =>
    {
        OpRow row = OpTable.Rows[op];
        foreach (int[][] shapes in row.Edges)
        {
            DType dtype = DTypes(row).First();
            Check(row, dtype, Random(row, shapes, dtype));
        }
    });

    [Theory]
    [MemberData(nameof(OpsAndDevices))]
    public void Operands_may_be_views(string op, string device) => On(device, () =>
    {
        OpRow row = OpTable.Rows[op];
        DType dtype = DTypes(row).First();
        Dense[] values = Random(row, [.. row.Args.Select(arg => arg.Shape)], dtype);
        Expr[] stored = [.. values.Select((x, k) => Variable(row, k, dtype, x.Shape.Length))];
        Expr output = row.Build([.. stored.Select(y => y.Rank == 0 ? y : y[(.., -2)].T)]);
        NDArray result = Run(stored, output, [.. values.Select((x, k) => Spread(x).To(row.Args[k].DType ?? dtype))]);
        Close(row, dtype, row.Formula(values), result);
    });

    [Theory]
    [MemberData(nameof(OpsAndDevices))]
    public void Infinities_and_NaN_obey_the_formula(string op, string device) => On(device, () =>
    {
        OpRow row = OpTable.Rows[op];
        if (!row.Special || !row.Floats)
        {
            return;
        }

        double[] special = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, 1, -1, 0.5, -88, 3];
        foreach (DType dtype in new[] { DType.Float64, DType.Float32 })
        {
            for (int shift = 0; shift < special.Length; shift++)
            {
                Dense[] values = Random(row, [.. row.Args.Select(arg => arg.Shape)], dtype);
                for (int k = 0; k < values.Length; k++)
                {
                    for (int e = 0; e < values[k].Values.Length && row.Args[k].DType is null; e++)
                    {
                        values[k].Values[e] = special[(e + (shift * k)) % special.Length];
                    }
                }

                Check(row, dtype, values);
            }
        }
    });

    [Theory]
    [MemberData(nameof(Ops))]
    public void Gradients_of_orders_1_and_2_are_those_of_finite_differences(string op)
    {
        OpRow row = OpTable.Rows[op];
        if (!row.Smooth || !row.Floats)
        {
            return;
        }

        Dense[] values = Random(row, [.. row.Args.Select(arg => arg.Shape)], DType.Float64);
        object[] points = [.. values.Select((x, k) => (object)x.To(row.Args[k].DType ?? DType.Float64))];
        int wrt = Array.FindIndex(row.Args, arg => arg.DType is null);
        T.VerifyGrad(row.Build, points, tests: 1, absTol: 1e-6, relTol: 1e-6);
        T.VerifyGrad(
            x => T.Grad(T.Sum(T.Sqr(row.Build(x))), x[wrt], disconnectedInputs: DisconnectedInputs.Ignore),
            points,
            tests: 1,
            absTol: 1e-6,
            relTol: 1e-6);
    }

    [Theory]
    [MemberData(nameof(Ops))]
    public void The_type_is_known_before_the_value(string op)
    {
        OpRow row = OpTable.Rows[op];
        foreach (DType dtype in DTypes(row))
        {
            Expr output = row.Build([.. row.Args.Select((arg, k) => Variable(row, k, dtype, arg.Shape.Length))]);
            Assert.Equal(row.Result(dtype), output.DType);
            Dense[] values = Random(row, [.. row.Args.Select(arg => arg.Shape)], dtype);
            Assert.Equal(row.Formula(values).Shape.Length, output.Rank);

            // With lengths known, those of the result are, and they are right.
            Expr known = row.Build([.. row.Args.Select((arg, k) => T.Tensor(
                arg.DType ?? dtype, [.. arg.Shape.Select(n => (long)n)], $"x{k}"))]);
            long[] lengths = [.. known.Type.Shape];
            Assert.True(
                lengths.Zip(row.Formula(values).Shape).All(pair => pair.First == Shape.Unknown || pair.First == pair.Second),
                $"{known.Type}");
        }
    }

    [Theory]
    [MemberData(nameof(Ops))]
    public void It_prints_its_name_and_operands(string op)
    {
        OpRow row = OpTable.Rows[op];
        DType dtype = DTypes(row).First() == DType.Float64 && row.Op == typeof(CastTo) ? DType.Float32 : DTypes(row).First();
        Assert.Equal(row.Text, row.Build([.. row.Args.Select((arg, k) => Variable(row, k, dtype, arg.Shape.Length))]).ToString());
    }

    [Fact]
    public void Every_op_has_a_row()
    {
        Type[] ops = [.. typeof(Op).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Op)) && !type.IsAbstract)];
        Assert.All(ops, type => Assert.True(type.IsSealed, $"{type.Name} is neither abstract nor sealed"));
        Type[] missing = [.. ops.Where(type => !WithoutRow.ContainsKey(type) && OpTable.Rows.Values.All(row => row.Op != type))];
        Assert.True(missing.Length == 0, $"without a row in OpTable: {string.Join(", ", missing.Select(type => type.Name))}");
    }

    private static void On(string device, Action test)
    {
        using (Options.Use(Options.Current with { Device = device }))
        {
            test();
        }
    }

    private static IEnumerable<DType> DTypes(OpRow row) =>
        [.. row.Floats ? [DType.Float64, DType.Float32] : Array.Empty<DType>(), .. row.Integers];

    private static Expr Variable(OpRow row, int k, DType dtype, int rank) =>
        T.Tensor(row.Args[k].DType ?? dtype, Shape.UnknownOf(rank), $"x{k}");

    // Values that the dtype holds exactly.
    private static Dense[] Random(OpRow row, int[][] shapes, DType dtype)
    {
        var random = new System.Random(7);
        return [.. row.Args.Zip(shapes, (arg, shape) =>
        {
            DType own = arg.DType ?? dtype;
            double low = own.IsUnsigned() ? Math.Max(arg.Low, 0) : arg.Low;
            Dense drawn = Dense.Of(shape, _ => low + ((arg.High - low) * random.NextDouble()));
            Dense integers = Dense.Of(shape, i => own.IsFloat() ? drawn[i] : Math.Floor(drawn[i]));
            return Dense.From(integers.To(own));
        })];
    }

    private static void Check(OpRow row, DType dtype, Dense[] values)
    {
        Expr[] x = [.. values.Select((value, k) => Variable(row, k, dtype, value.Shape.Length))];
        NDArray result = Run(x, row.Build(x), [.. values.Select((value, k) => value.To(row.Args[k].DType ?? dtype))]);
        Assert.Equal(row.Result(dtype), result.DType);
        Close(row, dtype, row.Formula(values), result);
    }

    private static NDArray Run(Expr[] x, Expr output, NDArray[] values) =>
        T.Function([.. x.Select(one => new In(one))], output, onUnusedInput: OnUnusedInput.Ignore)
            .Call([.. values.Select(value => new Argument(value))])[0];

    // Transposed, with every other row a stranger, and the rows in reverse: y[::-2].T is x.
    private static Dense Spread(Dense x)
    {
        int[] turned = [.. x.Shape.Reverse()];
        return x.Shape.Length == 0 ? x : Dense.Of([turned[0] * 2, .. turned.Skip(1)], i =>
            i[0] % 2 == 0 ? 77 : x[[.. i.Reverse().SkipLast(1), turned[0] - 1 - (i[0] / 2)]]);
    }

    private static void Close(OpRow row, DType dtype, Dense expected, NDArray result)
    {
        Assert.Equal(expected.Shape, result.Shape.Select(n => (int)n));
        Dense actual = Dense.From(result);
        bool single = dtype == DType.Float32 || result.DType == DType.Float32;
        double tolerance = !result.DType.IsFloat() ? 0 : single ? row.Tolerance.Single : row.Tolerance.Double;
        double largest = expected.Values.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        for (int k = 0; k < expected.Values.Length; k++)
        {
            double right = result.DType == DType.Float32 ? (float)expected.Values[k] : expected.Values[k];
            double given = actual.Values[k];
            bool close = right.Equals(given) || right == given || Math.Abs(right - given) <= tolerance * largest;
            Assert.True(close, $"{row.Name} {dtype}: element {k} is {given:R}, not {right:R}");
        }
    }
}
