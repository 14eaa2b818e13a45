namespace Hypatia.Random.Laws;

/// <content>Rotations, and decompositions of two rows and columns.</content>
internal sealed partial class SingularValues
{
    // DLASV2: the SVD of ((f, g), (0, h)) in place of rows i and i + 1.
    private void TwoByTwo(int i)
    {
        double f = _d[i], g = _e[i], h = _d[i + 1];
        double ft = f, ht = h, fa = Math.Abs(f), ha = Math.Abs(h), ga = Math.Abs(g);
        var swap = ha > fa;
        var most = swap ? 3 : 1; // which entry is largest in magnitude
        if (swap)
        {
            (ft, ht, fa, ha) = (ht, ft, ha, fa);
        }

        double least = ha, greatest = fa, cosL = 1, sinL = 0, cosR = 1, sinR = 0;
        if (ga > fa)
        {
            most = 2;
        }

        if (ga > fa && fa / ga < Epsilon)
        {
            greatest = ga;
            least = ha > 1 ? fa / (ga / ha) : fa / ga * ha;
            (cosL, sinL, cosR, sinR) = (1, ht / g, ft / g, 1);
        }
        else if (ga != 0)
        {
            var difference = fa - ha;
            var l = difference == fa ? 1 : difference / fa;
            var m = g / ft;
            var t = 2 - l;
            var s = Math.Sqrt((t * t) + (m * m));
            var r = l == 0 ? Math.Abs(m) : Math.Sqrt((l * l) + (m * m));
            var a = 0.5 * (s + r);
            (least, greatest) = (ha / a, fa * a);
            t = (m * m, l) switch
            {
                (0, 0) => Math.CopySign(2, ft) * Math.CopySign(1, g),
                (0, _) => (g / Math.CopySign(difference, ft)) + (m / t),
                _ => ((m / (s + t)) + (m / (r + l))) * (1 + a),
            };
            l = Math.Sqrt((t * t) + 4);
            (cosR, sinR) = (2 / l, t / l);
            (cosL, sinL) = ((cosR + (sinR * m)) / a, ht / ft * sinR / a);
        }

        if (swap)
        {
            (cosL, sinL, cosR, sinR) = (sinR, cosR, sinL, cosL);
        }

        var sign = most switch
        {
            1 => Math.CopySign(1, cosR) * Math.CopySign(1, cosL) * Math.CopySign(1, f),
            2 => Math.CopySign(1, sinR) * Math.CopySign(1, cosL) * Math.CopySign(1, g),
            _ => Math.CopySign(1, sinR) * Math.CopySign(1, sinL) * Math.CopySign(1, h),
        };
        _d[i] = Math.CopySign(greatest, sign);
        _e[i] = 0;
        _d[i + 1] = Math.CopySign(least, sign * Math.CopySign(1, f) * Math.CopySign(1, h));
        RotateRows(i, cosR, sinR);
    }

    private void RotateRows(int i, double c, double s)
    {
        for (var k = 0; k < _n; k++)
        {
            var lower = _vt[i + 1, k];
            _vt[i + 1, k] = (c * lower) - (s * _vt[i, k]);
            _vt[i, k] = (s * lower) + (c * _vt[i, k]);
        }
    }

    // DLARTG: c f + s g = r, c g = s f.
    private static (double C, double S, double R) Rotation(double f, double g)
    {
        if (g == 0)
        {
            return (1, 0, f);
        }

        if (f == 0)
        {
            return (0, Math.CopySign(1, g), Math.Abs(g));
        }

        var d = Length(f, g);
        var r = Math.CopySign(d, f);
        return (Math.Abs(f) / d, g / r, r);
    }

    // DLAS2: the smaller singular value of ((f, g), (0, h)).
    private static double SmallerOfTwo(double f, double g, double h)
    {
        var ga = Math.Abs(g);
        var least = Math.Min(Math.Abs(f), Math.Abs(h));
        var most = Math.Max(Math.Abs(f), Math.Abs(h));
        if (least == 0)
        {
            return 0;
        }

        var sum = 1 + (least / most);
        var difference = (most - least) / most;
        if (ga < most)
        {
            var square = ga / most * (ga / most);
            return least * (2 / (Math.Sqrt((sum * sum) + square) + Math.Sqrt((difference * difference) + square)));
        }

        var ratio = most / ga;
        if (ratio == 0)
        {
            return least * most / ga;
        }

        var c = 1 / (Math.Sqrt(1 + (sum * ratio * (sum * ratio)))
            + Math.Sqrt(1 + (difference * ratio * (difference * ratio))));
        return 2 * (least * c * ratio);
    }

    private static double Length(double x, double y) => Math.Sqrt((x * x) + (y * y));
}
