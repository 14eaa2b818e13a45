using Hypatia.Loops;
using Hypatia.Loops.Passes;

namespace Hypatia.Tests.Loops.Passes;

public class PassesTests
{
    [Fact]
    public void Passes_change_no_result()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            (Kernel kernel, Func<Array[]> arguments) = RandomKernel.Make(seed);
            KernelVerifier.Verify(kernel);
            Array[] expected = arguments();
            Interpreter.Run(kernel, expected);
            Kernel unrolled = Unroll.Apply(kernel);
            AssertSame(unrolled, expected, kernel, arguments);
            AssertSame(Unroll.Apply(CutLoops.Apply(kernel)), expected, kernel, arguments);
            AssertSame(Share.Apply(unrolled), expected, kernel, arguments);
            AssertSame(Share.Apply(NarrowIndices.Apply(unrolled)), expected, kernel, arguments);
        }
    }

    private static void AssertSame(Kernel changed, Array[] expected, Kernel kernel, Func<Array[]> arguments)
    {
        Array[] actual = arguments();
        try
        {
            KernelVerifier.Verify(changed);
            Interpreter.Run(changed, actual);
        }
        catch (CompilerException e)
        {
            Assert.Fail($"{e.Message}\n{kernel}\nbecame\n{changed}");
        }

        for (int i = 0; i < expected.Length; i++)
        {
            if (!new HostElements(expected[i]).Bytes.SequenceEqual(new HostElements(actual[i]).Bytes))
            {
                Assert.Fail($"{kernel.Parameters[i].Memory} differs:\n{kernel}\nbecame\n{changed}");
            }
        }
    }
}
