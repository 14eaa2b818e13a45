namespace Hypatia.Cpu.MatrixProducts;

/// <summary>Some rows and columns of one product of a batch.</summary>
internal readonly record struct ProductRegion(long Batch, long Row, long Rows, long Column, long Columns);

/// <summary>What is done with elements of C once they are complete, while they are in cache; the default is nothing.</summary>
/// <remarks>
/// Called once for each element, by any thread, for several regions at a time.
/// Unsafe: <paramref name="context"/> lives until the product returns.
/// </remarks>
internal readonly unsafe struct ProductEpilogue(
    delegate*<void*, ProductRegion, void> run, void* context, void* alike = null)
{
    private readonly delegate*<void*, ProductRegion, void> _run = run;
    private readonly void* _context = context;

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty => _run is null;

    /// <summary>Element [0,0,0] of an array of C's layout and dtype that is read with each element, or null: a hint.</summary>
    public void* Alike { get; } = alike;

    /// <summary>Runs over a region.</summary>
    public void Run(in ProductRegion region)
    {
        if (_run is not null)
        {
            _run(_context, region);
        }
    }
}
