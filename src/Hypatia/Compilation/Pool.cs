using System.Collections.Concurrent;

namespace Hypatia.Compilation;

/// <summary>Objects that calls use one at a time. Taking and giving back is fast where calls follow each other.</summary>
internal sealed class Pool<T>
    where T : class
{
    private readonly ConcurrentBag<T> _others = [];
    private T? _last;

    /// <summary>An object that is in no use, or null if there is none.</summary>
    public T? TryTake()
    {
        T? last = Interlocked.Exchange(ref _last, null);
        return last ?? (_others.TryTake(out T? other) ? other : null);
    }

    /// <summary>Gives an object back.</summary>
    public void Add(T item)
    {
        if (Interlocked.CompareExchange(ref _last, item, null) is not null)
        {
            _others.Add(item);
        }
    }
}
