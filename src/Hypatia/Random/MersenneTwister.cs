namespace Hypatia.Random;

/// <summary>The bits behind <see cref="RandomState"/>: MT19937, period 2¹⁹⁹³⁷ − 1.</summary>
/// <remarks>
/// Source: Matsumoto and Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform
/// pseudorandom number generator", 1998; seeding as in their 2002 program, which NumPy follows.
/// </remarks>
internal sealed class MersenneTwister
{
    /// <summary>Words of state.</summary>
    public const int Length = 624;

    private const int Offset = 397;
    private const uint UpperBit = 0x80000000;
    private const uint LowerBits = 0x7fffffff;
    private const uint Twist = 0x9908b0df;

    private readonly uint[] _key = new uint[Length];
    private int _position;

    /// <summary>The words from which the next ones are made.</summary>
    public ReadOnlySpan<uint> Key => _key;

    /// <summary>How many of the current words have been given out: 0 … 624.</summary>
    public int Position => _position;

    /// <summary>Continues from a saved state.</summary>
    public void Restore(ReadOnlySpan<uint> key, int position)
    {
        key.CopyTo(_key);
        _position = position;
    }

    /// <summary>Starts the sequence of one 32-bit number.</summary>
    public void Seed(uint seed)
    {
        for (var i = 0; i < Length; i++)
        {
            _key[i] = seed;
            seed = (1812433253u * (seed ^ (seed >> 30))) + (uint)i + 1;
        }

        _position = Length;
    }

    /// <summary>Starts the sequence of several 32-bit numbers, at least one.</summary>
    public void Seed(ReadOnlySpan<uint> seed)
    {
        Seed(19650218u);
        int i = 1, j = 0;
        for (var k = Math.Max(Length, seed.Length); k > 0; k--)
        {
            var previous = _key[i - 1];
            _key[i] = (_key[i] ^ ((previous ^ (previous >> 30)) * 1664525u)) + seed[j] + (uint)j;
            i = Following(i);
            j = j + 1 == seed.Length ? 0 : j + 1;
        }

        for (var k = Length - 1; k > 0; k--)
        {
            var previous = _key[i - 1];
            _key[i] = (_key[i] ^ ((previous ^ (previous >> 30)) * 1566083941u)) - (uint)i;
            i = Following(i);
        }

        _key[0] = UpperBit; // never the all-zero state
    }

    /// <summary>The next 32 bits.</summary>
    public uint NextUInt32()
    {
        if (_position == Length)
        {
            Refill();
        }

        var y = _key[_position++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >> 18);
    }

    /// <summary>The next 64 bits, the upper half first.</summary>
    public ulong NextUInt64()
    {
        ulong upper = NextUInt32();
        return (upper << 32) | NextUInt32();
    }

    /// <summary>The next multiple of 2⁻⁵³ in [0, 1): 27 bits of one word, 26 of another.</summary>
    public double NextDouble()
    {
        var upper = NextUInt32() >> 5;
        var lower = NextUInt32() >> 6;
        return ((upper * 67108864.0) + lower) / 9007199254740992.0;
    }

    // Word 0 carries the last word over when an index runs off the end.
    private int Following(int i)
    {
        if (i + 1 < Length)
        {
            return i + 1;
        }

        _key[0] = _key[Length - 1];
        return 1;
    }

    private void Refill()
    {
        var key = _key;
        for (var i = 0; i < Length; i++)
        {
            var next = i + 1 < Length ? i + 1 : 0;
            var far = i + Offset < Length ? i + Offset : i + Offset - Length;
            var y = (key[i] & UpperBit) | (key[next] & LowerBits);
            key[i] = key[far] ^ (y >> 1) ^ ((y & 1) * Twist);
        }

        _position = 0;
    }
}
