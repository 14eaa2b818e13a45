using Hypatia.Compilation;
using Hypatia.Devices;
using Hypatia.Loops;
using Hypatia.Tests.Testing;
using Buffer = Hypatia.Devices.Buffer;

namespace Hypatia.Tests.Snapshots;

/// <summary>
/// Graph, schedule, plan and kernels of some functions as text, so that no change of what is generated goes unseen. Run
/// with HYPATIA_ACCEPT=1 to accept a change, and look at the difference before committing it.
/// </summary>
public sealed class SnapshotTests
{
    private const string Folder = "tests/Hypatia.Tests/Snapshots";

    public static TheoryData<string> Programs => ["tutorial-h3", "tutorial-large", "softmax", "column-sums", "selection"];

    [Theory]
    [MemberData(nameof(Programs))]
    public void What_is_generated_is_what_was_accepted(string name)
    {
        string actual = Generated(name);
        string path = Path.Combine(Repository.Root, Folder, name + ".txt");
        if (Environment.GetEnvironmentVariable("HYPATIA_ACCEPT") == "1")
        {
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static string Generated(string name)
    {
        using (Options.Use(new Options { CustomDevice = new Compiling() }))
        {
            (Function function, Argument[] arguments) = Program(name);
            function.Call(arguments);
            Plan plan = function.Plans.Single();
            return $"-- graph\n{function}-- schedule\n{plan.Schedule}\n-- {plan}\n"
                + string.Concat(plan.Steps.Select(step => step.Executable.Kernel));
        }
    }

    private static (Function Function, Argument[] Arguments) Program(string name)
    {
        Expr x = T.Matrix("x");
        switch (name)
        {
            case "tutorial-h3":
                return Tutorial(200, 3);
            case "tutorial-large":
                return Tutorial(5000, 1000);
            case "softmax":
                return (T.Function([x], NNet.Softmax(x)), [new double[100, 300]]);
            case "column-sums":
                return (T.Function([x], [x.Sum(0), T.Sqr(x).Mean(1)]), [new double[300, 700]]);
            default:
                Expr i = T.LScalar("i");
                return (T.Function([x, i], T.SetSubtensor(x[i], x[(.., -1)][0] * 2)), [new double[30, 7], 4L]);
        }
    }

    private static (Function Function, Argument[] Arguments) Tutorial(int rows, int hidden)
    {
        Expr x = T.Matrix("X");
        Expr y = T.LVector("y");
        Shared w1 = T.Shared(new double[2, hidden], "W1");
        Shared b1 = T.Shared(new double[hidden], "b1");
        Shared w2 = T.Shared(new double[hidden, 2], "W2");
        Shared b2 = T.Shared(new double[2], "b2");
        Expr p = NNet.Softmax(T.Tanh(x.Dot(w1) + b1).Dot(w2) + b2);
        Expr loss = NNet.CategoricalCrossentropy(p, y).Mean();
        Shared[] parameters = [w1, b1, w2, b2];
        Expr[] gradients = T.Grad(loss, parameters);
        Function step = T.Function(
            [x, y], updates: [.. parameters.Zip(gradients, (w, dw) => (w, (Expr)(w - (0.01 * dw))))]);
        return (step, [new double[rows, 2], new long[rows]]);
    }

    /// <summary>A device that compiles kernels and does not run them: what is generated does not depend on values.</summary>
    private sealed class Compiling : Device
    {
        private readonly ReferenceDevice _reference = new();

        public override string Name => "compiling";

        public override Buffer Allocate(DType dtype, long count) => _reference.Allocate(dtype, count);

        public override Window Window(DType dtype) => _reference.Window(dtype);

        public override Executable Compile(Kernel kernel)
        {
            KernelVerifier.Verify(kernel);
            return new Nothing(kernel);
        }

        private sealed class Nothing(Kernel kernel) : Executable(kernel)
        {
            public override void Run(ReadOnlySpan<Buffer> arguments)
            {
                // Results are zeros, so that no index is out of range.
                foreach (Buffer argument in arguments)
                {
                    if (argument.DType == DType.Bool)
                    {
                        argument.CopyFrom(new bool[argument.Count]);
                    }
                }
            }
        }
    }
}
