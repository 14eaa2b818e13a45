using Hypatia.Scheduling;

namespace Hypatia.Compilation;

/// <summary>
/// What the code of a kernel depends on: its groups, with expressions as numbers. Kernels of one form have the same code,
/// over other values, as those of layers that repeat: they are lowered and compiled once.
/// </summary>
internal sealed class KernelForm : IEquatable<KernelForm>
{
    private readonly List<object> _content = [];
    private readonly List<Expr> _all = [];
    private readonly Dictionary<Expr, int> _numbers = [];
    private readonly int _hash;

    /// <summary>The form of a kernel.</summary>
    /// <param name="groups">What it computes.</param>
    /// <param name="inMemory">What it may find in memory, rather than compute where it is used.</param>
    public KernelForm(IReadOnlyList<Group> groups, IReadOnlySet<Expr> inMemory)
    {
        HashSet<Expr> members = [.. groups.SelectMany(group => group.Members)];
        HashSet<Expr> outputs = [.. groups.SelectMany(group => group.Outputs)];
        foreach (Expr x in Traversal.Sort(members.SelectMany(x => x.Inputs.List), inMemory).Concat(members))
        {
            if (_numbers.TryAdd(x, _all.Count))
            {
                _all.Add(x);
            }
        }

        foreach (Expr x in _all)
        {
            bool isRead = inMemory.Contains(x) && !members.Contains(x);
            _content.Add(isRead && x.Op is LeafOp ? typeof(LeafOp) : x.Op);
            _content.Add(x.Type);
            for (int k = 0; k < (isRead ? 0 : x.Inputs.Count); k++)
            {
                _content.Add(_numbers[x.Inputs[k]]);
            }
        }

        foreach (Group group in groups)
        {
            _content.Add(group.Kind);
            foreach (Expr x in group.Members)
            {
                _content.Add(_numbers[x]);
                _content.Add(outputs.Contains(x));
            }
        }

        var hash = default(HashCode);
        foreach (object item in _content)
        {
            hash.Add(item);
        }

        _hash = hash.ToHashCode();
    }

    /// <summary>The expression that has the place in this form that another has in another one; itself if it has none.</summary>
    public Expr Counterpart(Expr x, KernelForm of) => of._numbers.TryGetValue(x, out int number) ? _all[number] : x;

    /// <inheritdoc/>
    public bool Equals(KernelForm? other) => other is not null && _hash == other._hash && _content.SequenceEqual(other._content);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as KernelForm);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;
}
