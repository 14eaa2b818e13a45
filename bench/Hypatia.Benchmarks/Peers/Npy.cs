using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Hypatia.Benchmarks.Peers;

/// <summary>NumPy's files of one array: little-endian elements in row-major order.</summary>
internal static class Npy
{
    private static readonly byte[] Magic = [0x93, .. "NUMPY"u8, 1, 0];

    public static void Write(string file, NDArray value)
    {
        string lengths = string.Concat(value.Shape.Select(length => $"{length},"));
        string header = $"{{'descr': '{Name(value.DType)}', 'fortran_order': False, 'shape': ({lengths}), }}";
        header = header.PadRight((header.Length + 10 + 64) / 64 * 64 - 11) + "\n";
        using FileStream stream = File.Create(file);
        stream.Write(Magic);
        stream.Write(BitConverter.GetBytes((ushort)header.Length));
        stream.Write(Encoding.ASCII.GetBytes(header));
        stream.Write(value.DType switch
        {
            DType.Float32 => MemoryMarshal.AsBytes(value.AsSpan<float>()),
            DType.Float64 => MemoryMarshal.AsBytes(value.AsSpan<double>()),
            _ => MemoryMarshal.AsBytes(value.AsSpan<long>()),
        });
    }

    public static NDArray Read(string file)
    {
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(file);
        int length = BitConverter.ToUInt16(bytes[8..]);
        string header = Encoding.ASCII.GetString(bytes.Slice(10, length));
        ReadOnlySpan<byte> elements = bytes[(10 + length)..];
        string shape = header[(header.IndexOf('(', StringComparison.Ordinal) + 1)..header.IndexOf(')', StringComparison.Ordinal)];
        long[] lengths =
        [
            .. shape.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(text => long.Parse(text, CultureInfo.InvariantCulture)),
        ];
        return header.Contains("<f4", StringComparison.Ordinal) ? NDArray.Wrap(MemoryMarshal.Cast<byte, float>(elements).ToArray(), lengths)
            : header.Contains("<f8", StringComparison.Ordinal) ? NDArray.Wrap(MemoryMarshal.Cast<byte, double>(elements).ToArray(), lengths)
            : header.Contains("<i8", StringComparison.Ordinal) ? NDArray.Wrap(MemoryMarshal.Cast<byte, long>(elements).ToArray(), lengths)
            : throw new NotSupportedException($"An array of this kind: {header}");
    }

    private static string Name(DType dtype) => dtype switch
    {
        DType.Float32 => "<f4",
        DType.Float64 => "<f8",
        DType.Int64 => "<i8",
        _ => throw new NotSupportedException($"{dtype}"),
    };
}
