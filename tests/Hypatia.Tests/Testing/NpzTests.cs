using System.Text;

namespace Hypatia.Tests.Testing;

/// <summary>The reader against npz-sample.npz and npy-sample.npy (written by npz-sample.py).</summary>
public sealed class NpzTests
{
    private static readonly IReadOnlyDictionary<string, NpyArray> Sample = Npz.Read(DataFile("npz-sample.npz"));

    [Fact]
    public void Integers_and_floats_of_all_sizes_are_read()
    {
        Check("i1", "|i1", new sbyte[] { 0, 1, 2, 3, 4, 100 });
        Check("i2", "<i2", new short[] { 0, 1, 2, 3, 4, 100 });
        Check("i4", "<i4", new int[] { 0, 1, 2, 3, 4, 100 });
        Check("i8", "<i8", new long[] { 0, 1, 2, 3, 4, 100 });
        Check("u1", "|u1", new byte[] { 0, 1, 2, 3, 4, 100 });
        Check("u2", "<u2", new ushort[] { 0, 1, 2, 3, 4, 100 });
        Check("u4", "<u4", new uint[] { 0, 1, 2, 3, 4, 100 });
        Check("u8", "<u8", new ulong[] { 0, 1, 2, 3, 4, 100 });
        Check("f4", "<f4", new float[] { 0, 1, 2, 3, 4, 100 });
        Check("f8", "<f8", new double[] { 0, 1, 2, 3, 4, 100 });

        static void Check<T>(string name, string descr, T[] expected)
        {
            Assert.Equal(descr, Sample[name].Descr);
            Assert.Equal([2, 3], Sample[name].Shape);
            Assert.Equal(expected, Sample[name].As<T>());
        }
    }

    [Fact]
    public void Bools_are_read() => Assert.Equal([true, false, true], Sample["bool"].As<bool>());

    [Fact]
    public void Bytes_from_the_largest_are_turned_around()
    {
        Assert.Equal([0, 1, 2, 3, 4, 100], Sample[">f8"].As<double>());
        Assert.Equal([0, 1, 2, 3, 4, 100], Sample[">i4"].As<int>());
    }

    [Fact]
    public void Entries_stored_by_columns_come_in_reading_order()
    {
        Assert.Equal([2, 3, 4], Sample["columns"].Shape);
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (double)i), Sample["columns"].As<double>());
    }

    [Fact]
    public void Scalars_have_no_axes_and_empty_arrays_no_entries()
    {
        Assert.Empty(Sample["scalar"].Shape);
        Assert.Equal([2.5], Sample["scalar"].As<double>());
        Assert.Equal([0, 3], Sample["empty"].Shape);
        Assert.Empty(Sample["empty"].As<double>());
    }

    [Fact]
    public void Extreme_values_keep_their_bits()
    {
        Assert.Equal([long.MinValue, long.MaxValue], Sample["limits"].As<long>());
        Assert.Equal(
            Array.ConvertAll([double.NaN, double.NegativeInfinity, -0.0, double.Epsilon], BitsOf),
            Array.ConvertAll(Sample["special"].As<double>(), BitsOf));

        static long BitsOf(double x) => double.IsNaN(x) ? 0 : BitConverter.DoubleToInt64Bits(x);
    }

    [Fact]
    public void Other_types_have_a_shape_but_no_entries()
    {
        Assert.Equal("<c16", Sample["complex"].Descr);
        Assert.Null(Sample["complex"].Data);
        Assert.Equal("<U3", Sample["text"].Descr);
        Assert.Equal([2], Sample["text"].Shape);
        Assert.Throws<InvalidDataException>(() => Sample["text"].As<string>());
    }

    [Fact]
    public void One_array_is_read_from_an_npy_file()
    {
        using var stream = File.OpenRead(DataFile("npy-sample.npy"));
        Assert.Equal([0, 1, 2, 3, 4], Npz.ReadNpy(stream).As<float>());
    }

    [Theory]
    [InlineData(2, "latin1")]
    [InlineData(3, "utf-8")]
    public void Headers_of_later_versions_are_read(byte version, string encoding)
    {
        var header = Encoding.GetEncoding(encoding)
            .GetBytes("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }\n");
        byte[] file =
            [0x93, .. "NUMPY"u8, version, 0, .. BitConverter.GetBytes(header.Length), .. header, 7, 8];
        Assert.Equal([7, 8], Npz.ReadNpy(new MemoryStream(file)).As<byte>());
    }

    [Fact]
    public void Files_that_are_something_else_or_end_early_are_rejected()
    {
        var bytes = File.ReadAllBytes(DataFile("npy-sample.npy"));
        Assert.Throws<InvalidDataException>(() => Npz.ReadNpy(new MemoryStream(bytes[1..])));
        Assert.Throws<InvalidDataException>(() => Npz.ReadNpy(new MemoryStream(bytes[..^1])));
        Assert.Throws<InvalidDataException>(() => Npz.ReadNpy(new MemoryStream([])));
    }

    private static string DataFile(string name) => Path.Combine(AppContext.BaseDirectory, "Data", name);
}
