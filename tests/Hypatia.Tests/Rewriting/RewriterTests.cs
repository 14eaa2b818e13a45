using System.Diagnostics;
using Hypatia.Rewriting;

namespace Hypatia.Tests.Rewriting;

public class RewriterTests
{
    private static readonly Expr X = Graphs.Leaf("x", 5);
    private static readonly Expr Y = Graphs.Leaf("y", 5);

    [Fact]
    public void Equal_expressions_become_one_object_also_with_operands_exchanged()
    {
        Expr[] outputs = Passes.Simplify([T.Tanh(X + Y) * 2, T.Tanh(Y + X) * 3]);
        Assert.Same(outputs[0].Inputs[0], outputs[1].Inputs[0]);
    }

    [Fact]
    public void Subtraction_is_not_merged_with_operands_exchanged()
    {
        Expr[] outputs = Passes.Simplify([X - Y, Y - X]);
        Assert.NotSame(outputs[0], outputs[1]);
    }

    [Fact]
    public void Nothing_to_do_returns_the_same_objects()
    {
        Expr z = T.Tanh(X + Y);
        Assert.Same(z, Passes.Simplify([z])[0]);
    }

    [Fact]
    public void Rules_that_undo_each_other_are_an_error_that_names_them()
    {
        var rewriter = new Rewriter(new RuleSet(
            Rule.From<Exp>("there", x => T.Expm1(x.Inputs[0])), Rule.From<Expm1>("back", x => T.Exp(x.Inputs[0]))));
        var error = Assert.Throws<CompilerException>(() => rewriter.Apply([T.Exp(X)]));
        Assert.Contains("Rules 'there' and 'back' replace an expression by each other without end", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_that_grow_an_expression_forever_are_an_error_that_names_them()
    {
        var rewriter = new Rewriter(new RuleSet(
            Rule.From<Exp>("grow", x => T.Expm1(x.Inputs[0] + 1)), Rule.From<Expm1>("turn", x => T.Exp(x.Inputs[0]))));
        var error = Assert.Throws<CompilerException>(() => rewriter.Apply([T.Exp(X)]));
        Assert.Contains("'grow'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'turn'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_that_loses_an_axis_length_is_an_error_that_names_it()
    {
        var rewriter = new Rewriter(new RuleSet(Rule.From<Exp>("wrong", _ => Graphs.Leaf("z", 7))));
        Assert.Contains("'wrong'", Assert.Throws<CompilerException>(() => rewriter.Apply([T.Exp(X)])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_replacement_is_converted_and_repeated_to_what_it_replaces()
    {
        var rewriter = new Rewriter(new RuleSet(Rule.From<Exp>("one", _ => T.Constant(1))));
        Expr one = rewriter.Apply([T.Exp(X)])[0];
        Assert.Equal(X.Type, one.Type);
    }

    [Fact]
    public void A_length_that_is_not_known_is_kept()
    {
        Expr v = T.DVector("v");
        Expr w = T.DVector("w");
        Assert.Equal("broadcastTo", Passes.Simplify([v * 0])[0].Op.Name, ignoreCase: true);
        Assert.Same(v, Passes.Simplify([v * 1])[0]);
        // w may have length 5 where v has 1, so w is not lost.
        Expr kept = Passes.Simplify([v * w / w])[0];
        Assert.Contains(w, Traversal.Sort([kept]));
        Assert.Equal(5, (v * w / w).Eval((v, new double[] { 2 }), (w, new double[] { 1, 2, 3, 4, 5 })).Count);
    }

    [Fact]
    public void What_is_kept_is_not_looked_through()
    {
        Expr p = NNet.Softmax(T.DMatrix("z"));
        Expr gradient = T.Grad(T.Sum(T.Log(p)), p);
        Assert.Equal(p.Rank, gradient.Rank);
    }

    [Fact]
    public void Origins_are_carried_over()
    {
        Expr written = T.Log(1 + X);
        Assert.Same(written.Origin, Passes.Simplify([written])[0].Origin);
    }

    [Fact]
    public void Hits_and_times_are_told()
    {
        List<PassReport> reports = [];
        Passes.Optimize([T.Log(1 + X)], reports.Add);
        Assert.Equal(["simplify", "define"], reports.Select(report => report.Pass));
        Assert.Contains(reports[0].Rules, rule => rule is { Rule: "log(1+x)", Hits: 1 });
    }

    [Theory]
    [InlineData("sums")]
    [InlineData("tanh")]
    [InlineData("scaled")]
    [InlineData("slices")]
    [InlineData("transposes")]
    [InlineData("mixed")]
    public void Time_is_linear_in_the_size_of_the_graph(string kind)
    {
        Passes.Optimize([Chain(kind, 300)]);
        double small = Seconds(() => Passes.Optimize([Chain(kind, 1000)]));
        double large = Seconds(() => Passes.Optimize([Chain(kind, 20_000)]));
        Assert.True(large < (small * 100) + 1, $"{small} s for 1,000, {large} s for 20,000");
    }

    [Fact]
    public void A_graph_100000_nodes_deep_is_rewritten()
    {
        Assert.Equal("Tanh", Passes.Optimize([Chain("tanh", 100_000)])[0].Op.Name);
        Assert.Equal("(x + (y * 100000.0))", Hypatia.Diagnostics.Printer.Infix(Passes.Optimize([Chain("adds", 100_000)])[0]));
    }

    private static Expr Chain(string kind, int length)
    {
        Expr x = Graphs.Leaf("x", 5, 5);
        Expr y = Graphs.Leaf("y", 5, 5);
        Expr z = x;
        using (Hypatia.Diagnostics.Origin.Use(null))
        {
            for (int k = 0; k < length; k++)
            {
                z = kind switch
                {
                    "adds" => z + y,
                    "sums" => z + (k % 3 == 0 ? x : y),
                    "tanh" => T.Tanh(z),
                    "scaled" => z * 1.0000001,
                    "slices" => z[(.., -1)],
                    "transposes" => T.Tanh(z.T),
                    _ => (k % 4) switch { 0 => z * y, 1 => T.Tanh(z) - x, 2 => -z / 3, _ => T.Exp(z) + 1 },
                };
            }
        }

        return z;
    }

    private static double Seconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
