using System.Runtime.CompilerServices;

namespace Hypatia.Rewriting;

/// <summary>
/// Makes equal expressions one object, so that common sub-expressions merge. Inputs must be interned already: they are
/// compared by reference, and in either order where the op does not care.
/// </summary>
internal sealed class Interner
{
    private readonly HashSet<Expr> _known = new(new ByContent());

    /// <summary>The first expression that was given and equals x.</summary>
    public Expr Intern(Expr x)
    {
        if (_known.TryGetValue(x, out Expr? known))
        {
            return known;
        }

        _known.Add(x);
        return x;
    }

    // Operands with a constant have an order: a rule puts it last.
    private static bool Commutes(Expr x) => x.Op is Add or Mul or Maximum or Minimum or And or Or or Xor or Eq or Neq
        && Uniform.Value(x.Inputs[0]) is null && Uniform.Value(x.Inputs[1]) is null;

    private sealed class ByContent : IEqualityComparer<Expr>
    {
        public bool Equals(Expr? x, Expr? y)
        {
            if (ReferenceEquals(x, y))
            {
                return true;
            }

            Inputs a = x!.Inputs;
            Inputs b = y!.Inputs;
            if (a.Count != b.Count || x.Type != y.Type || !x.Op.Equals(y.Op))
            {
                return false;
            }

            bool same = true;
            for (int k = 0; k < a.Count; k++)
            {
                same &= ReferenceEquals(a[k], b[k]);
            }

            return same
                || (a.Count == 2 && ReferenceEquals(a[0], b[1]) && ReferenceEquals(a[1], b[0]) && Commutes(x));
        }

        public int GetHashCode(Expr x)
        {
            int hash = x.Op.GetHashCode();
            bool commutes = Commutes(x);
            for (int k = 0; k < x.Inputs.Count; k++)
            {
                int input = RuntimeHelpers.GetHashCode(x.Inputs[k]);
                hash = commutes ? hash + (input * 31) : HashCode.Combine(hash, input);
            }

            return hash;
        }
    }
}
