namespace Hypatia.Random.Laws;

/// <summary>Successes in n trials of probability p.</summary>
/// <remarks>
/// With p ≤ ½ (else failures are counted): np ≤ 30 by summing probabilities until they pass a uniform, else BTPE of
/// Kachitvichyanukul and Schmeiser, "Binomial random variate generation", 1988, whose names are kept.
/// </remarks>
internal readonly struct BinomialLaw : ILaw<long>
{
    private readonly long _n;
    private readonly double _r;
    private readonly double _q;
    private readonly bool _flipped;
    private readonly bool _inversion;

    // Inversion: (1 − p)ⁿ, and where a sum that rounding kept short is given up.
    private readonly double _qn;
    private readonly long _bound;

    // BTPE: the mode, and the areas under a triangle, a parallelogram and two exponential tails around it.
    private readonly long _m;
    private readonly double _xm;
    private readonly double _xl;
    private readonly double _xr;
    private readonly double _c;
    private readonly double _lambdaL;
    private readonly double _lambdaR;
    private readonly double _p1;
    private readonly double _p2;
    private readonly double _p3;
    private readonly double _p4;

    public BinomialLaw(long n, double p)
    {
        _n = n;
        _flipped = !(p <= 0.5);
        _r = _flipped ? 1.0 - p : p;
        _q = 1.0 - _r;
        _inversion = _r * n <= 30.0;
        if (_inversion)
        {
            _qn = Math.Exp(n * Math.Log(_q));
            var mean = n * _r;
            var bound = mean + (10.0 * Math.Sqrt((mean * _q) + 1));
            _bound = LongCast.Truncate(n < bound ? n : bound);
            return;
        }

        var fm = (n * _r) + _r;
        _m = LongCast.Floor(fm);
        _p1 = Math.Floor((2.195 * Math.Sqrt(n * _r * _q)) - (4.6 * _q)) + 0.5;
        _xm = _m + 0.5;
        _xl = _xm - _p1;
        _xr = _xm + _p1;
        _c = 0.134 + (20.5 / (15.3 + _m));
        var a = (fm - _xl) / (fm - (_xl * _r));
        _lambdaL = a * (1.0 + (a / 2.0));
        a = (_xr - fm) / (_xr * _q);
        _lambdaR = a * (1.0 + (a / 2.0));
        _p2 = _p1 * (1.0 + (2.0 * _c));
        _p3 = _p2 + (_c / _lambdaL);
        _p4 = _p3 + (_c / _lambdaR);
    }

    /// <summary>The law of parameters that the user gave.</summary>
    public static BinomialLaw Checked(long n, double p) => new(Require.NonNegative(n), Require.Probability(p));

    public long Next(RandomState random)
    {
        var count = _inversion ? Inverted(random) : Btpe(random);
        return _flipped ? _n - count : count;
    }

    private long Inverted(RandomState random)
    {
        long x = 0;
        var px = _qn;
        var u = random.NextDouble();
        while (u > px)
        {
            x++;
            if (x > _bound)
            {
                x = 0;
                px = _qn;
                u = random.NextDouble();
            }
            else
            {
                u -= px;
                px = (_n - x + 1) * _r * px / (x * _q);
            }
        }

        return x;
    }

    private long Btpe(RandomState random)
    {
        while (true)
        {
            var u = random.NextDouble() * _p4;
            var v = random.NextDouble();
            long y;
            if (u <= _p1)
            {
                return LongCast.Floor(_xm - (_p1 * v) + u);
            }
            else if (u <= _p2)
            {
                var x = _xl + ((u - _p1) / _c);
                v = (v * _c) + 1.0 - (Math.Abs(_m - x + 0.5) / _p1);
                if (v > 1.0)
                {
                    continue;
                }

                y = LongCast.Floor(x);
            }
            else if (u <= _p3)
            {
                y = LongCast.Floor(_xl + (Math.Log(v) / _lambdaL));
                if (y < 0 || v == 0)
                {
                    continue;
                }

                v = v * (u - _p2) * _lambdaL;
            }
            else
            {
                y = LongCast.Floor(_xr - (Math.Log(v) / _lambdaR));
                if (y > _n || v == 0)
                {
                    continue;
                }

                v = v * (u - _p3) * _lambdaR;
            }

            if (Accepts(y, v))
            {
                return y;
            }
        }
    }

    // Whether v ≤ f(y)/f(m): the ratio itself near the mode and far from it, squeezes and Stirling's series between.
    private bool Accepts(long y, double v)
    {
        var nrq = _n * _r * _q;
        var k = Math.Abs(y - _m);
        if (!(k > 20 && k < (nrq / 2.0) - 1))
        {
            return !(v > Ratio(y));
        }

        var rho = k / nrq * ((((k * ((k / 3.0) + 0.625)) + 0.16666666666666666) / nrq) + 0.5);
        var t = -k * k / (2 * nrq);
        var log = Math.Log(v);
        if (log < t - rho)
        {
            return true;
        }

        if (log > t + rho)
        {
            return false;
        }

        double x1 = y + 1;
        double f1 = _m + 1;
        double z = _n + 1 - _m;
        double w = _n - y + 1;
        return !(log > (_xm * Math.Log(f1 / x1))
            + ((_n - _m + 0.5) * Math.Log(z / w))
            + ((y - _m) * Math.Log(w * _r / (x1 * _q)))
            + Stirling(f1) + Stirling(z) + Stirling(x1) + Stirling(w));
    }

    private double Ratio(long y)
    {
        var s = _r / _q;
        var a = s * (_n + 1);
        var f = 1.0;
        for (var i = _m + 1; i <= y; i++)
        {
            f *= (a / i) - s;
        }

        for (var i = y + 1; i <= _m; i++)
        {
            f /= (a / i) - s;
        }

        return f;
    }

    private static double Stirling(double x)
    {
        var x2 = x * x;
        return (13680.0 - ((462.0 - ((132.0 - ((99.0 - (140.0 / x2)) / x2)) / x2)) / x2)) / x / 166320.0;
    }
}
