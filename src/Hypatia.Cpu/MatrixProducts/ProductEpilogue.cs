namespace Hypatia.Cpu.MatrixProducts;

/// <summary>Some rows and columns of one product of a batch.</summary>
internal readonly record struct ProductRegion(long Batch, long Row, long Rows, long Column, long Columns);

/// <summary>What is done with elements of C once they are complete, while they are in cache; the default is nothing.</summary>
/// <remarks>
/// Called once for each element, by any thread, for several regions at a time.
/// Unsafe: <paramref name="context"/> lives until the product returns.
/// </remarks>
internal readonly unsafe struct ProductEpilogue(delegate*<void*, ProductRegion, void> run, void* context)
{
    private readonly delegate*<void*, ProductRegion, void> _run = run;
    private readonly void* _context = context;

    /// <summary>Runs over a region.</summary>
    public void Run(in ProductRegion region)
    {
        if (_run is not null)
        {
            _run(_context, region);
        }
    }
}
