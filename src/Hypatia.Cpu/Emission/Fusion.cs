using Hypatia.Loops;

namespace Hypatia.Cpu.Emission;

/// <summary>(−)A·B + (−)C in one operation and, where the machine has it, with one rounding.</summary>
internal readonly record struct Fusion(Scalar A, Scalar B, Scalar C, bool NegateProduct, bool NegateTerm)
{
    /// <summary>
    /// Matches a float sum or difference with a product written out in it: after sharing, one that has no other use.
    /// </summary>
    public static bool TryMatch(Binary x, out Fusion fusion)
    {
        bool isDifference = x.Op == BinaryOp.Sub;
        if (!x.DType.IsFloat() || x.Op is not (BinaryOp.Add or BinaryOp.Sub))
        {
            fusion = default;
            return false;
        }

        if (x.X is Binary { Op: BinaryOp.Mul } left)
        {
            fusion = new(left.X, left.Y, x.Y, false, isDifference);
            return true;
        }

        if (x.Y is Binary { Op: BinaryOp.Mul } right)
        {
            fusion = new(right.X, right.Y, x.X, isDifference, false);
            return true;
        }

        fusion = default;
        return false;
    }
}
