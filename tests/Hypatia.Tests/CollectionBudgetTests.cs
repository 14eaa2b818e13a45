using Hypatia.Compilation;

namespace Hypatia.Tests;

public class CollectionBudgetTests
{
    private const long Megabyte = 1 << 20;
    private const double SecondsPerMegabyte = 1e-3;

    [Theory]
    [InlineData(15, 1, false)]          // 16 MB, and 4 results, are nothing to look for
    [InlineData(16, 1, true)]
    [InlineData(24, 8, false)]
    [InlineData(25, 8, true)]
    public void Results_of_a_limit_may_be_out(long megabytesOut, long megabytes, bool asks) =>
        Assert.Equal(asks, new CollectionBudget().TryBegin(megabytesOut * Megabyte, megabytes * Megabyte));

    [Fact]
    public void One_at_a_time_asks()
    {
        CollectionBudget budget = new();
        Assert.True(budget.TryBegin(100 * Megabyte, Megabyte));
        budget.Spend(1000 * Megabyte, SecondsPerMegabyte / Megabyte);
        Assert.False(budget.TryBegin(100 * Megabyte, Megabyte));
        budget.End(TimeSpan.Zero, 100 * Megabyte, 0);
        Assert.True(budget.TryBegin(100 * Megabyte, Megabyte));
    }

    [Theory]
    [InlineData(90, 0)]                 // milliseconds that it took, while 100 MB came back; MB that must be new before the next
    [InlineData(130, 30)]
    public void What_took_longer_than_new_memory_waits_until_that_took_as_long(int milliseconds, int megabytes)
    {
        CollectionBudget budget = new();
        budget.Spend(Megabyte, SecondsPerMegabyte / Megabyte);
        Assert.True(budget.TryBegin(100 * Megabyte, Megabyte));
        budget.End(TimeSpan.FromMilliseconds(milliseconds), 100 * Megabyte, 0);
        for (int i = 0; i < megabytes; i++)
        {
            Assert.False(budget.TryBegin(100 * Megabyte, Megabyte));
            budget.Spend(Megabyte, SecondsPerMegabyte / Megabyte);
        }

        budget.Spend(1, SecondsPerMegabyte / Megabyte);         // for what rounding leaves
        Assert.True(budget.TryBegin(100 * Megabyte, Megabyte));
    }

    [Fact]
    public void Who_keeps_all_is_asked_for_after_twice_as_many()
    {
        CollectionBudget budget = new();
        Assert.True(budget.TryBegin(20 * Megabyte, Megabyte));
        budget.End(TimeSpan.Zero, 0, 20 * Megabyte);
        Assert.False(budget.TryBegin(39 * Megabyte, Megabyte));
        Assert.True(budget.TryBegin(40 * Megabyte, Megabyte));
        budget.End(TimeSpan.Zero, 0, 40 * Megabyte);
        budget.Return(10 * Megabyte);                           // what is late still counts
        Assert.True(budget.TryBegin(20 * Megabyte, Megabyte));
    }
}
