using Hypatia.Cpu;
using Hypatia.Scheduling;
using Hypatia.Tests.Docs;

namespace Hypatia.Tests.Scheduling;

/// <summary>A schedule that is shown says why it is as it is.</summary>
[Collection(nameof(ConsoleOutput))]
public class DecisionTests
{
    public static TheoryData<int, int[]> Networks => new()
    {
        { 5000, [2, 1000, 2] }, { 256, [784, 1024, 10] }, { 200, [2, 3, 2] }, { 2000, [8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 2] },
        { 3, [5, 70, 4] }, { 16, [13, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 3] },
    };

    [Fact]
    public void A_large_step_says_why_it_is_a_row_group()
    {
        Schedule schedule = Step(5000, [2, 1000, 2]);
        string[] group = Section(schedule, 0);
        Assert.Equal("0: Tiles of 20 rows of 5000", group[0]);
        Assert.Contains("keeps 80 MB in cache", string.Join('\n', group), StringComparison.Ordinal);
        Assert.Contains("   why: a row group keeps 80 MB of intermediates in cache; it pays from 33 kB on", group);
        Assert.Contains("   why: a tile has 20 rows, a divisor of 5000: 32 of 8056 B each would fit into 262 kB of cache", group);
        Assert.Contains("   why: sums over rows have 8 parts, one for each chunk of rows: threads share the chunks", group);
        Assert.Contains("   why: MatMul (5000, 1000) is written out where it is used: it has 2 terms, no more than 8", group);
        Assert.Contains(
            "   why: Tanh (5000, 1000) is computed once, and kept: computing it for each of 4 uses costs 90 additions more an element, keeping it 32",
            group);
    }

    // The rows are few and long: in one tile of all, which would fit into cache, threads could share nothing.
    [Fact]
    public void Sums_around_an_axis_are_made_one_after_the_other_and_shared()
    {
        Expr x = T.Constant(new float[64, 500, 100]);
        Schedule schedule = Scheduler.Run([T.Sum(x, [0, 2])], explain: true);
        Assert.Equal("0: Tiles of 8 rows of 64", Section(schedule, 0)[0]);
        Assert.Contains(
            "why: reductions with an axis between theirs that is kept are made of two, the last axes first: memory is read in order", Lines(schedule));
        Assert.DoesNotContain("made of two", string.Join('\n', Lines(Scheduler.Run([T.Sum(x, [1, 2])], explain: true))), StringComparison.Ordinal);
    }

    [Fact]
    public void What_comes_after_a_row_group_says_what_it_waits_for() => Assert.Contains(
        "   why: Sub (2, 1000) is left out of a row group of 5000 rows: it reads PartialSum{MatMul, chunks=8} (8, 2, 1000), "
            + "which is finished after the last row",
        Lines(Step(5000, [2, 1000, 2])));

    [Fact]
    public void A_wide_network_says_why_its_products_are_kernels_of_their_own()
    {
        Schedule schedule = Step(256, [784, 1024, 10]);
        Assert.Equal(
            [
                "0: Contract (256, 1024): MatMul",
                "   reads 8028 kB, writes 2097 kB; 411 M operations",
                "   why: MatMul (256, 1024) is not written out where it is used: it has 784 terms, more than 8",
                "   why: MatMul (256, 1024) is in no row group: each tile would read all 802816 elements of its right operand, more than 16384",
                "   why: MatMul (256, 1024) has no Tanh (256, 1024) in its epilogue: a row group computes it",
            ],
            Section(schedule, 0));
        string[] lines = Lines(schedule);
        Assert.Contains(
            "   why: MatMul (784, 1024) is in no row group: its sums over rows would need 6423 kB of cache, more than 131 kB", lines);
        Assert.Contains(
            "   why: MatMul (784, 1024) has Sub (784, 1024) in its epilogue: a map that reads it element by element", lines);
        Assert.Contains(
            "why: several kernels, and threads: all of this is as much work as 3363 M additions, no less than 2097 k", lines);
    }

    [Fact]
    public void A_small_network_says_why_it_is_one_kernel()
    {
        Schedule schedule = Step(200, [2, 3, 2]);
        Assert.Contains(
            "   why: 10 values share loops over 200 rows: in a function of little work every loop less is a gain", Section(schedule, 0));
        Assert.Equal(
            [
                "one thread, and one kernel if that is short: all of this is little work",
                "why: no kernel is cut: all code together is about 476 instructions, no more than 1200",
                "why: on one thread: all of this is as much work as 83 k additions, less than 2097 k",
            ],
            Lines(schedule)[^3..]);
    }

    [Fact]
    public void A_deep_network_says_where_its_row_groups_and_kernels_end()
    {
        string text = Step(16, [8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8]).ToString();
        Assert.Matches(@"why: row groups and kernels end at 500 instructions: all code together is about \d+, more than 1200", text);
        Assert.Matches(@"why: Tanh \(16, 8\) is left out of a row group of 16 rows: that has about \d+ instructions, and gets no more from 500 on", text);
        Assert.Matches(@"why: begins a kernel: with the groups before it would have about \d+ instructions, more than 500", text);
    }

    [Fact]
    public void Lines_say_why_they_are_joined_and_reductions_why_they_are_not()
    {
        using IDisposable use = Options.Use(new Options { CustomDevice = new CpuDevice(), Debug = 3 });
        Expr x = T.FMatrix("x");
        Assert.Contains(
            "   why: 4 values go along the same lines, 1000 of 1000 elements: a line keeps 4000 B in cache, no more than 524 kB",
            Lines(Shown(T.Function([x], NNet.Softmax(x)), new float[1000, 1000])));
        string[] sums = Lines(Shown(T.Function([x], [x.Sum(0), x.Sum()]), new float[1000, 4000]));
        Assert.Contains(
            "why: Sum{axis=(0, 1)} () is computed in chunks of 20 along axis 0: it combines 4000000 elements, no fewer than 131072, "
                + "in fewer than 16 units of work",
            sums);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Every_group_says_why_and_only_that_is_added(int rows, int[] widths)
    {
        Schedule shown = Step(rows, widths), plain = Step(rows, widths, debug: 2);
        Assert.Null(plain.Decisions);
        Assert.Equal(Lines(plain), Lines(shown).Where(line => !line.TrimStart().StartsWith("why: ", StringComparison.Ordinal)));
        Assert.All(
            Enumerable.Range(0, shown.Groups.Count),
            k => Assert.Contains(Section(shown, k), line => line.StartsWith("   why: ", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void The_same_function_gives_the_same_reasons(int rows, int[] widths) =>
        Assert.Equal(Step(rows, widths).ToString(), Step(rows, widths).ToString());

    // A tutorial's step of gradient descent, with any layers.
    private static Schedule Step(int rows, int[] widths, int debug = 3)
    {
        Expr x = T.Matrix("X"), y = T.LVector("y");
        Expr a = x;
        List<Shared> parameters = [];
        for (int k = 1; k < widths.Length; k++)
        {
            Shared w = T.Shared(new double[widths[k - 1], widths[k]]), b = T.Shared(new double[widths[k]]);
            a = a.Dot(w) + b;
            a = k == widths.Length - 1 ? NNet.Softmax(a) : T.Tanh(a);
            parameters.AddRange([w, b]);
        }

        Expr[] gradients = T.Grad(NNet.CategoricalCrossentropy(a, y).Mean(), parameters);
        using IDisposable use = Options.Use(new Options { CustomDevice = new CpuDevice(), Debug = debug });
        Function step = T.Function([x, y], updates: [.. parameters.Zip(gradients, (p, dp) => (p, (Expr)(p - 0.01 * dp)))]);
        return Shown(step, new double[rows, widths[0]], new long[rows]);
    }

    // The schedule of a call. What is printed of it is caught here.
    private static Schedule Shown(Function function, params Argument[] arguments)
    {
        TextWriter error = Console.Error;
        var printed = new StringWriter();
        Console.SetError(printed);
        try
        {
            function.Call(arguments);
        }
        finally
        {
            Console.SetError(error);
        }

        Schedule schedule = function.Plans.Single().Schedule;
        Assert.Equal(schedule.Decisions is not null, printed.ToString().Contains(schedule.ToString(), StringComparison.Ordinal));
        return schedule;
    }

    private static string[] Lines(Schedule schedule) => schedule.ToString().Split('\n');

    // The lines of a group.
    private static string[] Section(Schedule schedule, int group) =>
        [.. Lines(schedule).SkipWhile(line => !line.StartsWith($"{group}: ", StringComparison.Ordinal))
            .TakeWhile((line, k) => k == 0 || line.StartsWith("   ", StringComparison.Ordinal))];
}
