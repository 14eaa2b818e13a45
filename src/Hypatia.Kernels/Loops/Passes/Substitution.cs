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
    private readonly Func<Scalar, Scalar> _replace;

    /// <summary>Replaces nothing yet.</summary>
    public Substitution()
    {
        _variables = new(ReferenceEqualityComparer.Instance);
        _memories = new(ReferenceEqualityComparer.Instance);
        _replace = Replaced;
    }

    /// <summary>Replaces what <paramref name="outer"/> does.</summary>
    public Substitution(Substitution outer)
    {
        _variables = new(outer._variables, ReferenceEqualityComparer.Instance);
        _memories = new(outer._memories, ReferenceEqualityComparer.Instance);
        _replace = Replaced;
    }

    /// <summary>From now on, <paramref name="replacement"/> stands for <paramref name="variable"/>.</summary>
    public void Replace(Variable variable, Scalar replacement)
    {
        _variables[variable] = replacement;
        if (_done.ContainsKey(variable))
        {
            _done.Clear();          // what was computed with its first meaning no longer holds
        }
    }

    /// <summary>From now on, <paramref name="replacement"/> stands for <paramref name="memory"/>.</summary>
    public void Replace(Memory memory, Memory replacement)
    {
        _memories[memory] = replacement;
        _done.Clear();
    }

    /// <summary>A scalar with variables replaced.</summary>
    public Scalar Apply(Scalar scalar) => ScalarGraph.Complete(scalar, _done, _replace);

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

    private Scalar Replaced(Scalar node) => node switch
    {
        Variable variable => _variables.GetValueOrDefault(variable, variable),
        Load load when _memories.TryGetValue(load.Memory, out Memory? memory) => new Load(memory, _done[load.Index]),
        _ => node.Over(_done),
    };
}
