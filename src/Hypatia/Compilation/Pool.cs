namespace Hypatia.Compilation;

/// <summary>
/// Objects that calls use one at a time. Taking and giving back is fast where calls follow each other: they use the first object,
/// for which one flag says whether it is out.
/// </summary>
internal sealed class Pool<T>
    where T : class
{
    private readonly Stack<T> _others = new();
    private T? _first;
    private int _firstIsOut;

    /// <summary>An object that is in no use, or null if there is none.</summary>
    public T? TryTake()
    {
        if (_first is { } first && Interlocked.Exchange(ref _firstIsOut, 1) == 0)
        {
            return first;
        }

        lock (_others)
        {
            return _others.TryPop(out T? other) ? other : null;
        }
    }

    /// <summary>Gives an object back, or a new one to be used.</summary>
    public void Add(T item)
    {
        if (item == _first)
        {
            Volatile.Write(ref _firstIsOut, 0);
        }
        else if (_first is not null || Interlocked.CompareExchange(ref _first, item, null) is not null)
        {
            lock (_others)
            {
                _others.Push(item);
            }
        }
    }
}
