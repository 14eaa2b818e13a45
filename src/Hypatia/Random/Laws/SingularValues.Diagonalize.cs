namespace Hypatia.Random.Laws;

/// <content>QR steps on the bidiagonal.</content>
internal sealed partial class SingularValues
{
    // DBDSQR: QR steps on the blocks first … last of nonzero off-diagonal, from the bottom up.
    private void Diagonalize()
    {
        var tolerance = Math.Max(10, Math.Min(100, Math.Pow(Epsilon, -0.125))) * Epsilon;
        var threshold = Math.Max(tolerance * SmallestBound() / Math.Sqrt(_n), 6.0 * _n * _n * SafeMinimum);
        int last = _n - 1, oldFirst = -1, oldLast = -1;
        var down = true;
        while (last > 0)
        {
            var largest = Math.Abs(_d[last]);
            var first = last;
            while (first > 0 && !(Math.Abs(_e[first - 1]) <= threshold))
            {
                first--;
                largest = Math.Max(largest, Math.Max(Math.Abs(_d[first]), Math.Abs(_e[first])));
            }

            if (first > 0)
            {
                _e[first - 1] = 0;
            }

            if (first == last)
            {
                last--;
                continue;
            }

            if (first == last - 1)
            {
                TwoByTwo(first);
                last -= 2;
                continue;
            }

            if (first > oldLast || last < oldFirst)
            {
                down = Math.Abs(_d[first]) >= Math.Abs(_d[last]);
            }

            if (Negligible(first, last, down, tolerance, out var smallest))
            {
                continue;
            }

            (oldFirst, oldLast) = (first, last);
            var shift = Shift(first, last, down, smallest / largest, tolerance);
            var end = (down, shift) switch
            {
                (true, 0) => ZeroShiftDown(first, last),
                (false, 0) => ZeroShiftUp(first, last),
                (true, _) => ShiftedDown(first, last, shift),
                (false, _) => ShiftedUp(first, last, shift),
            };
            if (Math.Abs(_e[end]) <= threshold)
            {
                _e[end] = 0;
            }
        }
    }

    private double SmallestBound()
    {
        var mu = Math.Abs(_d[0]);
        var smallest = mu;
        for (var i = 1; i < _n && smallest != 0; i++)
        {
            mu = Math.Abs(_d[i]) * (mu / (mu + Math.Abs(_e[i - 1])));
            smallest = Math.Min(smallest, mu);
        }

        return smallest;
    }

    // Drops an off-diagonal entry that cannot matter; else bounds the smallest singular value of the block.
    private bool Negligible(int first, int last, bool down, double tolerance, out double smallest)
    {
        smallest = 0;
        var end = down ? last - 1 : first;
        if (Math.Abs(_e[end]) <= tolerance * Math.Abs(_d[down ? last : first]))
        {
            _e[end] = 0;
            return true;
        }

        var mu = Math.Abs(_d[down ? first : last]);
        smallest = mu;
        for (var step = 0; step < last - first; step++)
        {
            var i = down ? first + step : last - 1 - step;
            if (Math.Abs(_e[i]) <= tolerance * mu)
            {
                _e[i] = 0;
                return true;
            }

            mu = Math.Abs(_d[down ? i + 1 : i]) * (mu / (mu + Math.Abs(_e[i])));
            smallest = Math.Min(smallest, mu);
        }

        return false;
    }

    private double Shift(int first, int last, bool down, double ratio, double tolerance)
    {
        if (_n * tolerance * ratio <= Math.Max(Epsilon, 0.01 * tolerance))
        {
            return 0; // keeps tiny values accurate
        }

        var start = Math.Abs(_d[down ? first : last]);
        var shift = down
            ? SmallerOfTwo(_d[last - 1], _e[last - 1], _d[last])
            : SmallerOfTwo(_d[first], _e[first], _d[first + 1]);
        return start > 0 && shift / start * (shift / start) < Epsilon ? 0 : shift;
    }

    private int ZeroShiftDown(int first, int last)
    {
        double c = 1, s, oldC = 1, oldS = 0;
        for (var i = first; i < last; i++)
        {
            (c, s, var r) = Rotation(_d[i] * c, _e[i]);
            if (i > first)
            {
                _e[i - 1] = oldS * r;
            }

            (oldC, oldS, _d[i]) = Rotation(oldC * r, _d[i + 1] * s);
            RotateRows(i, c, s);
        }

        var h = _d[last] * c;
        _d[last] = h * oldC;
        _e[last - 1] = h * oldS;
        return last - 1;
    }

    private int ZeroShiftUp(int first, int last)
    {
        double c = 1, s, oldC = 1, oldS = 0;
        for (var i = last; i > first; i--)
        {
            (c, s, var r) = Rotation(_d[i] * c, _e[i - 1]);
            if (i < last)
            {
                _e[i] = oldS * r;
            }

            (oldC, oldS, _d[i]) = Rotation(oldC * r, _d[i - 1] * s);
            RotateRows(i - 1, oldC, -oldS);
        }

        var h = _d[first] * c;
        _d[first] = h * oldC;
        _e[first] = h * oldS;
        return first;
    }

    private int ShiftedDown(int first, int last, double shift)
    {
        var f = (Math.Abs(_d[first]) - shift) * (Math.CopySign(1, _d[first]) + (shift / _d[first]));
        var g = _e[first];
        for (var i = first; i < last; i++)
        {
            var (cosR, sinR, r) = Rotation(f, g);
            if (i > first)
            {
                _e[i - 1] = r;
            }

            f = (cosR * _d[i]) + (sinR * _e[i]);
            _e[i] = (cosR * _e[i]) - (sinR * _d[i]);
            g = sinR * _d[i + 1];
            _d[i + 1] = cosR * _d[i + 1];
            (var cosL, var sinL, _d[i]) = Rotation(f, g);
            f = (cosL * _e[i]) + (sinL * _d[i + 1]);
            _d[i + 1] = (cosL * _d[i + 1]) - (sinL * _e[i]);
            if (i < last - 1)
            {
                g = sinL * _e[i + 1];
                _e[i + 1] = cosL * _e[i + 1];
            }

            RotateRows(i, cosR, sinR);
        }

        _e[last - 1] = f;
        return last - 1;
    }

    private int ShiftedUp(int first, int last, double shift)
    {
        var f = (Math.Abs(_d[last]) - shift) * (Math.CopySign(1, _d[last]) + (shift / _d[last]));
        var g = _e[last - 1];
        for (var i = last; i > first; i--)
        {
            var (cosR, sinR, r) = Rotation(f, g);
            if (i < last)
            {
                _e[i] = r;
            }

            f = (cosR * _d[i]) + (sinR * _e[i - 1]);
            _e[i - 1] = (cosR * _e[i - 1]) - (sinR * _d[i]);
            g = sinR * _d[i - 1];
            _d[i - 1] = cosR * _d[i - 1];
            (var cosL, var sinL, _d[i]) = Rotation(f, g);
            f = (cosL * _e[i - 1]) + (sinL * _d[i - 1]);
            _d[i - 1] = (cosL * _d[i - 1]) - (sinL * _e[i - 1]);
            if (i > first + 1)
            {
                g = sinL * _e[i - 2];
                _e[i - 2] = cosL * _e[i - 2];
            }

            RotateRows(i - 1, cosL, -sinL);
        }

        _e[first] = f;
        return first;
    }
}
