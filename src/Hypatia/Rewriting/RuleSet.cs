using System.Collections.Concurrent;

namespace Hypatia.Rewriting;

/// <summary>Rules in the order in which they are tried, found by op. Safe to use from many threads.</summary>
internal sealed class RuleSet(params IReadOnlyList<Rule> rules)
{
    private readonly ConcurrentDictionary<Type, int[]> _byOp = new();

    /// <summary>The rules, in order.</summary>
    public IReadOnlyList<Rule> Rules { get; } = rules;

    /// <summary>Numbers of the rules that look at results of an op.</summary>
    public int[] For(Op op) => _byOp.TryGetValue(op.GetType(), out int[]? found) ? found : _byOp.GetOrAdd(op.GetType(), Find);

    private int[] Find(Type op)
    {
        List<int> found = [];
        for (int k = 0; k < Rules.Count; k++)
        {
            if (Rules[k].Root.IsAssignableFrom(op))
            {
                found.Add(k);
            }
        }

        return [.. found];
    }
}
