using Hypatia.Cpu.Emission;
using Hypatia.Loops;

namespace Hypatia.Tests.Cpu;

/// <summary>Results so large that they are written past the caches.</summary>
public class StreamingTests
{
    // Lengths of which no vector is a divisor, for arrays that start anywhere.
    [Theory]
    [InlineData(5_000_011)]
    [InlineData(6_000_001)]
    public void Each_element_of_a_large_result_is_written(int n)
    {
        Expr x = T.FVector("x");
        Function f = T.Function([x], [(x * 2) + 1, T.Cast(x, DType.Float64) - 1, T.Cast(T.Cast(x, DType.Float64) + 0.25, DType.Float32), x > 0.5f]);
        float[] data = [.. Enumerable.Range(0, n).Select(i => i % 1000 / 1000f)];
        for (int shift = 0; shift < 3; shift++)
        {
            byte[] other = new byte[100_000 + (8 * shift)];     // moves what is allocated next
            Results r = f.Call(data);
            float[] line = r[0].ToArray<float>();
            double[] wide = r[1].ToArray<double>();
            float[] narrow = r[2].ToArray<float>();
            bool[] large = r[3].ToArray<bool>();
            for (int i = 0; i < n; i++)
            {
                float v = data[i];
                if (line[i] != (v * 2) + 1 || wide[i] != v - 1.0 || narrow[i] != (float)(v + 0.25) || large[i] != v > 0.5f)
                {
                    Assert.Fail($"Element {i} of {n}: {line[i]}, {wide[i]}, {narrow[i]}, {large[i]} of {v}.");
                }
            }

            GC.KeepAlive(other);
        }
    }

    [Fact]
    public void Rows_are_the_same_whether_their_function_is_large_or_not()
    {
        Expr x = T.FMatrix("x");
        Function ofAll = T.Function([x], NNet.Softmax(x)), ofSome = T.Function([x], NNet.Softmax(x));   // plans that know their rows
        var random = new System.Random(1);
        const int rows = 4004, columns = 1501, part = 1001;
        float[] data = [.. Enumerable.Range(0, rows * columns).Select(_ => (random.NextSingle() * 8) - 4)];
        float[] whole = ofAll.Call(NDArray.Wrap(data, rows, columns)).Single.ToArray<float>();
        for (int start = 0; start < rows; start += part)
        {
            NDArray some = NDArray.Wrap(data[(start * columns)..((start + part) * columns)], part, columns);
            Assert.Equal(ofSome.Call(some).Single.ToArray<float>(), whole[(start * columns)..((start + part) * columns)]);
        }
    }

    [Theory]
    [InlineData(1 << 24, false, true)]
    [InlineData(1 << 10, false, false)]         // fits the caches
    [InlineData(1 << 24, true, false)]          // is read as well
    public void Large_results_that_nothing_reads_are_streamed(long count, bool isRead, bool expected)
    {
        var x = new Memory("x", DType.Float32, count, MemoryScope.Global);
        var y = new Memory("y", DType.Float32, count, MemoryScope.Global);
        Variable i = Variable.Index("i", count);
        var kernel = new Kernel("double", [new Parameter(x, false), new Parameter(y, true)], new Block(new For(
            i, Scalar.Int(count), LoopKind.Vector, new Block(new Store(y, i, new Load(x, i) + new Load(isRead ? y : x, i))))));
        bool isStreamed = Streaming.Targets(kernel).Contains(y);
        Assert.Equal(expected && System.Runtime.Intrinsics.X86.Avx512BW.VL.IsSupported, isStreamed);
    }
}
