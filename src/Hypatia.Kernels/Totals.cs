namespace Hypatia;

/// <summary>Sums of integers of things. LINQ's are generic over the integer, too: code that is compiled anew in every process.</summary>
internal static class Totals
{
    /// <summary>The sum of an integer of each item.</summary>
    public static long Total<T>(this IEnumerable<T> items, Func<T, long> of)
        where T : class
    {
        long total = 0;
        foreach (T item in items)
        {
            total += of(item);
        }

        return total;
    }
}
