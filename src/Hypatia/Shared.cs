using Hypatia.Compilation;

namespace Hypatia;

/// <summary>
/// A shared variable: an expression whose value is state, kept between calls and seen by all functions that use it.
/// Its dtype and rank are fixed, its lengths may change. Safe to use from many threads.
/// </summary>
public sealed class Shared : Expr
{
    private const int MostNewSpares = 2;

    /// <summary>A shared variable with an initial value; see <see cref="T.Shared"/>.</summary>
    internal Shared(object value, string? name, bool borrow)
        : this(NDArray.From((value ?? throw new ArgumentNullException(nameof(value))) is int i ? (long)i : value), name, borrow)
    {
    }

    private Shared(NDArray value, string? name, bool borrow)
        : base(SharedState.New(), [], TensorType.OfRank(value.DType, value.Rank), name)
    {
        State = borrow ? value.Lent() : value.CopyPinned();
    }

    /// <summary>A number that orders shared variables, so that locks are always taken in one order.</summary>
    internal long Id => ((SharedState)Op).Id;

    /// <summary>Whether a call is computing a new value. Under <see cref="States.Sync"/>.</summary>
    internal bool IsUpdating { get; set; }

    /// <summary>The value. Replaced as a whole, under <see cref="States.Sync"/>; never changed in place.</summary>
    internal NDArray State { get; private set; }

    // An earlier value that nobody sees anymore: the next one is computed there. Under States.Sync.
    private NDArray? _spare;

    private int _newSpares;

    /// <summary>The value: a copy, unless <paramref name="borrow"/>.</summary>
    /// <param name="borrow">Whether to return the value itself, which the caller then must not change.</param>
    public NDArray GetValue(bool borrow = false)
    {
        NDArray state;
        lock (States.Sync)
        {
            state = State;
            state.AddReader();
        }

        if (borrow)
        {
            return state;       // read by the caller from now on
        }

        NDArray copy = state.Copy();
        lock (States.Sync)
        {
            state.RemoveReader();
        }

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
        lock (States.Sync)
        {
            States.AwaitTurn(this);
            Replace(state);
        }
    }

    /// <summary>Memory for a next value, if there is some. Under <see cref="States.Sync"/>.</summary>
    internal NDArray? TakeSpare()
    {
        NDArray? spare = _spare;
        _spare = null;
        return spare;
    }

    /// <summary>New memory for a next value, of the lengths of this one, or null once there was enough: two values take turns. For who is updating.</summary>
    internal NDArray? NewSpare()
    {
        if (_newSpares == MostNewSpares)
        {
            return null;
        }

        _newSpares++;
        return NDArray.UninitializedPinned(State.Type);
    }

    /// <summary>Makes a value the state; the one before is used again if nobody reads it. Under <see cref="States.Sync"/>.</summary>
    internal void Replace(NDArray value)
    {
        _spare = State.HasReaders ? null : State;
        State = value;
    }

    // Whether the elements are still those of the caller's own array.
    private static bool IsCallers(NDArray given, object value) =>
        ReferenceEquals(given.Elements, value) || ReferenceEquals(given.Elements, (value as NDArray)?.Elements);
}
