namespace Hypatia.Loops.Passes;

/// <summary>
/// Copies code with variables replaced. What the copied statements introduce (indices, names, memories) is made anew,
/// so that several copies can stand in one kernel. Scalars in which nothing is replaced stay the same objects.
/// </summary>
internal sealed class Substitution
{
    private readonly Dictionary<Variable, Scalar> _variables;
    private readonly Dictionary<Memory, Memory> _memories;
    private readonly Dictionary<Scalar, Scalar> _done = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Scalar> _seen = new(ReferenceEqualityComparer.Instance);

    /// <summary>Replaces nothing yet.</summary>
    public Substitution()
    {
        _variables = new(ReferenceEqualityComparer.Instance);
        _memories = new(ReferenceEqualityComparer.Instance);
    }

    /// <summary>Replaces what <paramref name="outer"/> does.</summary>
    public Substitution(Substitution outer)
    {
        _variables = new(outer._variables, ReferenceEqualityComparer.Instance);
        _memories = new(outer._memories, ReferenceEqualityComparer.Instance);
    }

    /// <summary>From now on, <paramref name="replacement"/> stands for <paramref name="variable"/>.</summary>
    public void Replace(Variable variable, Scalar replacement)
    {
        _variables[variable] = replacement;
        if (_seen.Contains(variable))
        {
            Forget();
        }
    }

    /// <summary>From now on, <paramref name="replacement"/> stands for <paramref name="memory"/>.</summary>
    public void Replace(Memory memory, Memory replacement)
    {
        _memories[memory] = replacement;
        Forget();
    }

    /// <summary>A scalar with variables replaced.</summary>
    public Scalar Apply(Scalar scalar)
    {
        if (_done.TryGetValue(scalar, out Scalar? result))
        {
            return result;
        }

        var order = new List<Scalar>();
        ScalarGraph.InOrder(scalar, _seen, order);
        foreach (Scalar node in order)
        {
            _done[node] = node switch
            {
                Variable variable => _variables.GetValueOrDefault(variable, variable),
                Load load when _memories.TryGetValue(load.Memory, out Memory? memory) =>
                    new Load(memory, _done[load.Index]),
                _ => node.Over(_done),
            };
        }

        return _done[scalar];
    }

    /// <summary>A memory, or the one made anew for it.</summary>
    public Memory Apply(Memory memory) => _memories.GetValueOrDefault(memory, memory);

    /// <summary>A fresh variable that stands for <paramref name="variable"/> from now on.</summary>
    public Variable Renew(Variable variable)
    {
        var fresh = new Variable(variable.Name, variable.DType, variable.Extent);
        Replace(variable, fresh);
        return fresh;
    }

    /// <summary>A fresh memory that stands for <paramref name="memory"/> from now on.</summary>
    public Memory Renew(Memory memory)
    {
        var fresh = new Memory(memory.Name, memory.DType, memory.Count, memory.Scope);
        Replace(memory, fresh);
        return fresh;
    }

    // A name that is bound a second time: what was computed with its first meaning no longer holds.
    private void Forget()
    {
        _done.Clear();
        _seen.Clear();
    }
}
