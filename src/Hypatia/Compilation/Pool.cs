namespace Hypatia.Compilation;

/// <summary>Objects that calls use one at a time. Taking and giving back is fast where calls follow each other.</summary>
internal sealed class Pool<T>
    where T : class
{
    private readonly Stack<T> _others = new();
    private T? _last;

    /// <summary>An object that is in no use, or null if there is none.</summary>
    public T? TryTake()
    {
        if (Interlocked.Exchange(ref _last, null) is { } last)
        {
            return last;
        }

        lock (_others)
        {
            return _others.TryPop(out T? other) ? other : null;
        }
    }

    /// <summary>Gives an object back.</summary>
    public void Add(T item)
    {
        if (Interlocked.CompareExchange(ref _last, item, null) is not null)
        {
            lock (_others)
            {
                _others.Push(item);
            }
        }
    }
}
