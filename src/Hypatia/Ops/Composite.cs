using Hypatia.Autodiff;

namespace Hypatia;

/// <summary>
/// A family of ops that are defined by an expression over other ops. They keep their name in graphs, so that rules can
/// find them and people can read them; a pass replaces what is left of them by their definition.
/// </summary>
internal abstract record Composite : Op
{
    /// <summary>The definition, over the inputs.</summary>
    public abstract Expr Expand(Inputs x);

    public override TensorType Infer(Inputs x) => Expand(x).Type;

    /// <summary>Unless a family member knows better: the gradient of the definition.</summary>
    public override IReadOnlyList<Expr?> Gradient(Inputs x, Expr y, Expr dy) =>
        Reverse.Through(Expand(x), dy, x.List);
}
