namespace Hypatia.Random.Laws;

/// <summary>Integers in [0, range], each from the fewest low bits that hold it, drawn again while above it.</summary>
/// <remarks>
/// Types narrower than 32 bits take their chunks from one 32-bit word, lowest first, and a word serves one array
/// only; 64-bit types draw 64 bits only if the range needs them. A range of 0 draws nothing. All as in NumPy.
/// </remarks>
internal struct MaskedInteger
{
    private readonly ulong _range;
    private readonly ulong _mask;
    private readonly int _width;
    private uint _word;
    private int _chunksLeft;

    /// <summary>For a type of some bits: 1 (bool), 8, 16, 32 or 64.</summary>
    public MaskedInteger(ulong range, int bits)
    {
        _range = range;
        _mask = range == 0 ? 0 : ulong.MaxValue >> int.CreateChecked(ulong.LeadingZeroCount(range));
        _width = bits == 64 && range <= uint.MaxValue ? 32 : bits;
    }

    /// <summary>The next integer.</summary>
    public ulong Next(MersenneTwister bits)
    {
        if (_range == 0)
        {
            return 0;
        }

        ulong value;
        do
        {
            value = Chunk(bits) & _mask;
        }
        while (value > _range);

        return value;
    }

    private ulong Chunk(MersenneTwister bits)
    {
        switch (_width)
        {
            case 64:
                return bits.NextUInt64();
            case 32:
                return bits.NextUInt32();
        }

        if (_chunksLeft == 0)
        {
            _word = bits.NextUInt32();
            _chunksLeft = 32 / _width;
        }
        else
        {
            _word >>= _width;
        }

        _chunksLeft--;
        return _word & ((1u << _width) - 1);
    }
}
