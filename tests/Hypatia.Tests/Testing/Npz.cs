using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Hypatia.Tests.Testing;

/// <summary>An array of an .npy file: its type as NumPy writes it, its shape, its entries in reading order.</summary>
/// <param name="Descr">NumPy's name of the type, such as <c>&lt;f8</c>.</param>
/// <param name="Shape">Lengths of the axes; none for a scalar.</param>
/// <param name="Data">A vector of bool, sbyte … ulong, float or double; null for any other type.</param>
internal sealed record NpyArray(string Descr, int[] Shape, Array? Data)
{
    /// <summary>The entries, which must be of this type.</summary>
    public T[] As<T>() => (T[])(Data ?? throw new InvalidDataException($"no entries of type {Descr}"));
}

/// <summary>Reads NumPy's files: .npy, one array, and .npz, a zip archive of such.</summary>
/// <remarks>Source: the NEP "A simple file format for NumPy arrays", versions 1.0 to 3.0.</remarks>
internal static partial class Npz
{
    /// <summary>The arrays of an .npz file by name.</summary>
    public static IReadOnlyDictionary<string, NpyArray> Read(string path)
    {
        using var stream = File.OpenRead(path);
        return Read(stream);
    }

    /// <summary>The arrays of an .npz file by name.</summary>
    public static IReadOnlyDictionary<string, NpyArray> Read(Stream stream)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        var arrays = new Dictionary<string, NpyArray>();
        foreach (var entry in archive.Entries.Where(entry => entry.FullName.EndsWith(".npy", StringComparison.Ordinal)))
        {
            using var content = entry.Open();
            arrays[entry.FullName[..^4]] = ReadNpy(content);
        }

        return arrays;
    }

    /// <summary>The array of an .npy file.</summary>
    /// <exception cref="InvalidDataException">This is no .npy file, or it ends early.</exception>
    public static NpyArray ReadNpy(Stream stream)
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        ReadOnlySpan<byte> bytes = copy.ToArray();
        if (bytes.Length < 12 || !bytes.StartsWith(Magic))
        {
            throw new InvalidDataException("not an .npy file: it does not begin with \\x93NUMPY");
        }

        var (start, length) = bytes[6] switch
        {
            1 => (10, BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..])),
            2 or 3 => (12, BinaryPrimitives.ReadInt32LittleEndian(bytes[8..])),
            var version => throw new InvalidDataException($"unknown version {version} of .npy"),
        };
        var header = (bytes[6] == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(bytes.Slice(start, length));
        var match = Header().Match(header);
        if (!match.Success)
        {
            var list = header.Contains("'descr': [", StringComparison.Ordinal);
            throw new InvalidDataException(list ? "structured types are not read" : $"unknown header {header}");
        }

        var descr = match.Groups["descr"].Value;
        int[] shape = [.. match.Groups["shape"].Value
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        var data = Entries(descr, bytes[(start + length)..], shape.Aggregate(1, (n, extent) => n * extent));
        var columnsFirst = match.Groups["fortran"].Value == "True";
        return new NpyArray(descr, shape, data is not null && columnsFirst ? RowsFirst(data, shape) : data);
    }

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    private static Array? Entries(string descr, ReadOnlySpan<byte> bytes, int count) => descr[1..] switch
    {
        "b1" => Array.ConvertAll(Cast<byte>(descr, bytes, count), x => x != 0),
        "i1" => Cast<sbyte>(descr, bytes, count),
        "u1" => Cast<byte>(descr, bytes, count),
        "i2" => Cast<short>(descr, bytes, count),
        "u2" => Cast<ushort>(descr, bytes, count),
        "i4" => Cast<int>(descr, bytes, count),
        "u4" => Cast<uint>(descr, bytes, count),
        "i8" => Cast<long>(descr, bytes, count),
        "u8" => Cast<ulong>(descr, bytes, count),
        "f4" => Cast<float>(descr, bytes, count),
        "f8" => Cast<double>(descr, bytes, count),
        _ => null,
    };

    // Assumes a little-endian machine.
    private static T[] Cast<T>(string descr, ReadOnlySpan<byte> bytes, int count)
        where T : unmanaged
    {
        var size = Marshal.SizeOf<T>();
        if (bytes.Length < count * size)
        {
            throw new InvalidDataException($"{count} entries of {descr} need {count * size} bytes, not {bytes.Length}");
        }

        var own = bytes[..(count * size)].ToArray();
        if (descr[0] == '>')
        {
            for (var i = 0; i < own.Length; i += size)
            {
                own.AsSpan(i, size).Reverse();
            }
        }

        return MemoryMarshal.Cast<byte, T>(own).ToArray();
    }

    private static Array RowsFirst(Array columnsFirst, int[] shape)
    {
        var result = Array.CreateInstance(columnsFirst.GetType().GetElementType()!, columnsFirst.Length);
        for (var i = 0; i < result.Length; i++)
        {
            int rest = i, source = 0;
            for (var axis = shape.Length - 1; axis >= 0; axis--)
            {
                var stride = shape.Take(axis).Aggregate(1, (n, extent) => n * extent);
                source += rest % shape[axis] * stride;
                rest /= shape[axis];
            }

            result.SetValue(columnsFirst.GetValue(source), i);
        }

        return result;
    }

    [GeneratedRegex(
        @"^\{'descr': '(?<descr>[^']+)', 'fortran_order': (?<fortran>True|False), "
        + @"'shape': \((?<shape>[^)]*)\), *\}\s*$")]
    private static partial Regex Header();
}
