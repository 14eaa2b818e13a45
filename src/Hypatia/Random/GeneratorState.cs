using System.Collections.Immutable;

namespace Hypatia.Random;

/// <summary>
/// All that a <see cref="RandomState"/> remembers; the tuple of NumPy's <c>get_state()</c> without its first
/// entry, the name 'MT19937'. Two states are equal when their contents are.
/// </summary>
/// <param name="Key">The 624 words of the generator.</param>
/// <param name="Position">How many of the words are used up, 0 … 624.</param>
/// <param name="HasGauss">Whether a normal draw is kept for the next call: they are made in pairs.</param>
/// <param name="Gauss">The normal draw kept, 0 if there is none.</param>
public sealed record GeneratorState(ImmutableArray<uint> Key, int Position, bool HasGauss = false, double Gauss = 0)
{
    /// <summary>Whether both have the same words, position and kept draw.</summary>
    public bool Equals(GeneratorState? other) =>
        other is not null
        && Position == other.Position
        && HasGauss == other.HasGauss
        && Gauss.Equals(other.Gauss)
        && Key.AsSpan().SequenceEqual(other.Key.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Position, HasGauss, Gauss, Key.IsDefaultOrEmpty ? 0u : Key[0]);
}
