using Hypatia.Compilation;

namespace Hypatia;

/// <summary>
/// A shared variable: an expression whose value is state, kept between calls and seen by all functions that use it.
/// Its dtype and rank are fixed, its lengths may change. Safe to use from many threads.
/// </summary>
public sealed class Shared : Expr
{
    /// <summary>A shared variable with an initial value; see <see cref="T.Shared"/>.</summary>
    internal Shared(object value, string? name, bool borrow)
        : this(NDArray.From((value ?? throw new ArgumentNullException(nameof(value))) is int i ? (long)i : value), name, borrow)
    {
    }

    private Shared(NDArray value, string? name, bool borrow)
        : base(SharedState.New(), [], TensorType.OfRank(value.DType, value.Rank), name)
    {
        State = borrow ? value.Lent() : value.Copy();
    }

    /// <summary>A number that orders shared variables, so that locks are always taken in one order.</summary>
    internal long Id => ((SharedState)Op).Id;

    /// <summary>Held by a function while it computes and stores a new value.</summary>
    internal Lock Updating { get; } = new();

    /// <summary>The value. Replaced as a whole, under <see cref="Function.Commit"/>; never changed in place.</summary>
    internal NDArray State { get; private set; }

    // An earlier value that nobody sees anymore: the next one is computed there. Under Function.Commit.
    private NDArray? _spare;

    /// <summary>The value: a copy, unless <paramref name="borrow"/>.</summary>
    /// <param name="borrow">Whether to return the value itself, which the caller then must not change.</param>
    public NDArray GetValue(bool borrow = false)
    {
        NDArray state;
        lock (Function.Commit)
        {
            state = State;
            state.AddReader();
        }

        if (borrow)
        {
            return state;       // read by the caller from now on
        }

        NDArray copy = state.Copy();
        state.RemoveReader();
        return copy;
    }

    /// <summary>Replaces the value, for all functions that use it. The lengths may differ from before.</summary>
    /// <param name="value">A number, bool, array, nested array, <c>Tensor&lt;T&gt;</c> or <see cref="NDArray"/>.</param>
    /// <param name="borrow">Whether the array may be kept without copying; the caller then must not change it.</param>
    /// <exception cref="DTypeException">The dtype does not convert to this variable's without loss.</exception>
    /// <exception cref="ShapeException">The rank is not this variable's.</exception>
    public void SetValue(object value, bool borrow = false)
    {
        ArgumentNullException.ThrowIfNull(value);
        NDArray given = Arguments.Convert(
            value, allowDowncast: false, new Recipient(() => $"Bad value of shared variable {(Name is null ? "without a name" : $"'{Name}'")}", this));
        NDArray state = !IsCallers(given, value) ? given : borrow ? given.Lent() : given.Copy();
        lock (Updating)
        {
            lock (Function.Commit)
            {
                Replace(state);
            }
        }
    }

    /// <summary>Memory for a next value, if there is some. Under <see cref="Function.Commit"/>.</summary>
    internal NDArray? TakeSpare()
    {
        NDArray? spare = _spare;
        _spare = null;
        return spare;
    }

    /// <summary>Makes a value the state; the one before is used again if nobody reads it. Under <see cref="Function.Commit"/>.</summary>
    internal void Replace(NDArray value)
    {
        _spare = State.HasReaders ? null : State;
        State = value;
    }

    // Whether the elements are still those of the caller's own array.
    private static bool IsCallers(NDArray given, object value) =>
        ReferenceEquals(given.Elements, value) || ReferenceEquals(given.Elements, (value as NDArray)?.Elements);
}
