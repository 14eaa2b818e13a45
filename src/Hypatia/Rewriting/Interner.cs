using System.Runtime.CompilerServices;

namespace Hypatia.Rewriting;

/// <summary>
/// Makes equal expressions one object, so that common sub-expressions merge. Inputs must be interned already: they are
/// compared by reference, and in either order where the op does not care.
/// </summary>
internal sealed class Interner
{
    private readonly Dictionary<Key, Expr> _known = [];

    /// <summary>The first expression that was given and equals x.</summary>
    public Expr Intern(Expr x)
    {
        ref Expr? known = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(
            _known, new Key(x), out _);
        return known ??= x;
    }

    // Operands with a constant have an order: a rule puts it last.
    private static bool Commutes(Expr x) => x.Op is Add or Mul or Maximum or Minimum or And or Or or Xor or Eq or Neq
        && Uniform.Value(x.Inputs[0]) is null && Uniform.Value(x.Inputs[1]) is null;

    private readonly struct Key : IEquatable<Key>
    {
        private readonly Expr _x;
        private readonly int _hash;

        public Key(Expr x)
        {
            _x = x;
            int hash = x.Op.GetHashCode();
            bool commutes = Commutes(x);
            for (int k = 0; k < x.Inputs.Count; k++)
            {
                int input = RuntimeHelpers.GetHashCode(x.Inputs[k]);
                hash = commutes ? hash + (input * 31) : HashCode.Combine(hash, input);
            }

            _hash = hash;
        }

        public bool Equals(Key other)
        {
            if (ReferenceEquals(_x, other._x))
            {
                return true;
            }

            Inputs a = _x.Inputs;
            Inputs b = other._x.Inputs;
            if (_hash != other._hash || a.Count != b.Count || _x.Type != other._x.Type || !_x.Op.Equals(other._x.Op))
            {
                return false;
            }

            bool same = true;
            for (int k = 0; k < a.Count; k++)
            {
                same &= ReferenceEquals(a[k], b[k]);
            }

            return same
                || (a.Count == 2 && ReferenceEquals(a[0], b[1]) && ReferenceEquals(a[1], b[0]) && Commutes(_x));
        }

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode() => _hash;
    }
}
