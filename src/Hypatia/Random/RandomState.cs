using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Hypatia.Random.Laws;

namespace Hypatia.Random;

/// <summary>
/// NumPy's <c>numpy.random.RandomState</c>: the same seed and the same calls give the same draws, bit for bit.
/// </summary>
/// <remarks>
/// <para>
/// Each method has three forms: one draw; <c>size</c> draws in a vector [size]; a matrix [rows, columns], written
/// <c>rng.Normal(0, 1, (3, 4))</c>. A matrix holds the draws of a vector of as many entries in reading order, and a
/// vector those of single draws in turn, except <see cref="RandInt{T}(Int128, Int128, int)"/> for types under 32
/// bits, where an array shares words between entries.
/// </para>
/// <para>
/// Draws are functions of MT19937's bits through the C library's log, exp, pow, sqrt, cos and acos; the bits do not
/// depend on the machine, and the last digit of other draws does as little as these functions. Source of the facts:
/// NumPy 1.24, numpy/random/mtrand.pyx and legacy-distributions.c, whose results are frozen.
/// </para>
/// <para>An instance is not safe for use by several threads at once.</para>
/// </remarks>
public sealed partial class RandomState
{
    private readonly MersenneTwister _bits = new();
    private double _gauss;
    private bool _hasGauss;

    /// <summary>A generator that is seeded by the operating system: other draws on each run.</summary>
    public RandomState()
    {
        Span<uint> seed = stackalloc uint[MersenneTwister.Length];
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(seed));
        _bits.Seed(seed);
    }

    /// <summary>The generator of <c>numpy.random.RandomState(seed)</c>.</summary>
    /// <param name="seed">0 … 2³² − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="seed"/> is out of its range.</exception>
    public RandomState(long seed) => Seed(seed);

    /// <summary>The generator of <c>numpy.random.RandomState([…])</c>; another one than of a single number.</summary>
    /// <param name="seed">One or more numbers, each 0 … 2³² − 1.</param>
    /// <exception cref="ArgumentException"><paramref name="seed"/> is empty or a number is out of range.</exception>
    public RandomState(ReadOnlySpan<long> seed) => Seed(seed);

    /// <summary>Starts over, as <c>new RandomState(seed)</c>.</summary>
    /// <param name="seed">0 … 2³² − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="seed"/> is out of its range.</exception>
    public void Seed(long seed)
    {
        _bits.Seed(Word(seed, nameof(seed)));
        (_hasGauss, _gauss) = (false, 0);
    }

    /// <summary>Starts over, as <c>new RandomState(seed)</c>.</summary>
    /// <param name="seed">One or more numbers, each 0 … 2³² − 1.</param>
    /// <exception cref="ArgumentException"><paramref name="seed"/> is empty or a number is out of range.</exception>
    public void Seed(ReadOnlySpan<long> seed)
    {
        if (seed.IsEmpty)
        {
            throw new ArgumentException("Seed must be non-empty", nameof(seed));
        }

        var words = new uint[seed.Length];
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = Word(seed[i], nameof(seed));
        }

        _bits.Seed(words);
        (_hasGauss, _gauss) = (false, 0);
    }

    /// <summary>What is needed to continue from here later.</summary>
    public GeneratorState GetState() => new([.. _bits.Key], _bits.Position, _hasGauss, _gauss);

    /// <summary>Continues from where <paramref name="state"/> was taken.</summary>
    /// <param name="state">From <see cref="GetState"/>, or from NumPy's <c>get_state()</c>.</param>
    /// <exception cref="ArgumentException">There are not 624 words, or the position is not 0 … 624.</exception>
    public void SetState(GeneratorState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var key = state.Key.IsDefault ? ImmutableArray<uint>.Empty : state.Key;
        if (key.Length != MersenneTwister.Length)
        {
            throw new ArgumentException(
                $"state must be {MersenneTwister.Length} words long, not {key.Length}", nameof(state));
        }

        if (state.Position is < 0 or > MersenneTwister.Length)
        {
            throw new ArgumentException(
                $"position must be 0 to {MersenneTwister.Length}, not {state.Position}", nameof(state));
        }

        _bits.Restore(key.AsSpan(), state.Position);
        (_hasGauss, _gauss) = (state.HasGauss, state.Gauss);
    }

    /// <summary>U in [0, 1), a multiple of 2⁻⁵³.</summary>
    internal double NextDouble() => _bits.NextDouble();

    /// <summary>−log(1 − U).</summary>
    internal double NextExponential() => -Math.Log(1.0 - _bits.NextDouble());

    /// <summary>N(0, 1) by Marsaglia's polar method; the second of each pair is kept for the next call.</summary>
    internal double NextGauss()
    {
        if (_hasGauss)
        {
            var kept = _gauss;
            (_hasGauss, _gauss) = (false, 0);
            return kept;
        }

        double x1, x2, r2;
        do
        {
            x1 = (2.0 * _bits.NextDouble()) - 1.0;
            x2 = (2.0 * _bits.NextDouble()) - 1.0;
            r2 = (x1 * x1) + (x2 * x2);
        }
        while (r2 >= 1.0 || r2 == 0.0);

        var f = Math.Sqrt(-2.0 * Math.Log(r2) / r2);
        (_hasGauss, _gauss) = (true, f * x1);
        return f * x2;
    }

    private static uint Word(long seed, string name) => seed is >= 0 and <= uint.MaxValue
        ? (uint)seed
        : throw new ArgumentOutOfRangeException(name, seed, "Seed must be between 0 and 2**32 - 1");

    private T Draw<T, TLaw>(TLaw law)
        where TLaw : struct, ILaw<T> => law.Next(this);

    private T[] Draw<T, TLaw>(TLaw law, int size)
        where TLaw : struct, ILaw<T>
    {
        var result = new T[Extent(size)];
        Fill(result, law);
        return result;
    }

    private T[,] Draw<T, TLaw>(TLaw law, (int Rows, int Columns) size)
        where TLaw : struct, ILaw<T>
    {
        var result = new T[Extent(size.Rows), Extent(size.Columns)];
        Fill(Elements<T>(result), law);
        return result;
    }

    private T[,,] Draw<T, TLaw>(TLaw law, (int, int, int) size)
        where TLaw : struct, ILaw<T>
    {
        var result = new T[Extent(size.Item1), Extent(size.Item2), Extent(size.Item3)];
        Fill(Elements<T>(result), law);
        return result;
    }

    private T[,,,] Draw<T, TLaw>(TLaw law, (int, int, int, int) size)
        where TLaw : struct, ILaw<T>
    {
        var result = new T[Extent(size.Item1), Extent(size.Item2), Extent(size.Item3), Extent(size.Item4)];
        Fill(Elements<T>(result), law);
        return result;
    }

    private void Fill<T, TLaw>(Span<T> values, TLaw law)
        where TLaw : struct, ILaw<T>
    {
        foreach (ref var value in values)
        {
            value = law.Next(this);
        }
    }

    // All entries in reading order; relies on arrays of any rank being stored so, without gaps.
    private static Span<T> Elements<T>(Array array) => MemoryMarshal.CreateSpan(
        ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);

    private static int Extent(int length, [CallerArgumentExpression(nameof(length))] string name = "") => length >= 0
        ? length
        : throw new ArgumentOutOfRangeException(name, length, "negative dimensions are not allowed");
}
