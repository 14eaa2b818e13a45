namespace Hypatia.Random.Laws;

/// <summary>U itself, on [0, 1).</summary>
internal readonly struct StandardUniformLaw : ILaw<double>
{
    public double Next(RandomState random) => random.NextDouble();
}

/// <summary>a + (b − a)U; b may lie below a.</summary>
internal readonly struct UniformLaw : ILaw<double>
{
    private readonly double _low;
    private readonly double _range;

    public UniformLaw(double low, double high)
    {
        _low = low;
        _range = high - low;
        if (!double.IsFinite(_range))
        {
            throw Require.Fault(nameof(high), high, $"Range exceeds valid bounds: high - low = {_range}");
        }
    }

    public double Next(RandomState random) => _low + (_range * random.NextDouble());
}

/// <summary>μ ± λ log 2U, the sign from which half U is in; U = 0 is drawn again.</summary>
internal readonly struct LaplaceLaw(double loc, double scale) : ILaw<double>
{
    private readonly double _scale = Require.NonNegative(scale);

    public double Next(RandomState random)
    {
        while (true)
        {
            var u = random.NextDouble();
            if (u >= 0.5)
            {
                return loc - (_scale * Math.Log(2.0 - u - u));
            }

            if (u > 0)
            {
                return loc + (_scale * Math.Log(u + u));
            }
        }
    }
}

/// <summary>μ − β log(−log(1 − U)); U = 0 is drawn again.</summary>
internal readonly struct GumbelLaw(double loc, double scale) : ILaw<double>
{
    private readonly double _scale = Require.NonNegative(scale);

    public double Next(RandomState random)
    {
        double u;
        do
        {
            u = 1.0 - random.NextDouble();
        }
        while (u >= 1);

        return loc - (_scale * Math.Log(-Math.Log(u)));
    }
}

/// <summary>μ + s log(U / (1 − U)); U = 0 is drawn again.</summary>
internal readonly struct LogisticLaw(double loc, double scale) : ILaw<double>
{
    private readonly double _scale = Require.NonNegative(scale);

    public double Next(RandomState random)
    {
        double u;
        do
        {
            u = random.NextDouble();
        }
        while (u <= 0);

        return loc + (_scale * Math.Log(u / (1.0 - u)));
    }
}

/// <summary>The triangle over [left, right] with its peak at the mode.</summary>
internal readonly struct TriangularLaw : ILaw<double>
{
    private readonly double _left;
    private readonly double _mode;
    private readonly double _right;

    public TriangularLaw(double left, double mode, double right)
    {
        if (left > mode)
        {
            throw Require.Fault(nameof(left), left, $"left > mode: {left} > {mode}");
        }

        if (mode > right)
        {
            throw Require.Fault(nameof(mode), mode, $"mode > right: {mode} > {right}");
        }

        if (left == right)
        {
            throw Require.Fault(nameof(left), left, "left == right");
        }

        (_left, _mode, _right) = (left, mode, right);
    }

    public double Next(RandomState random)
    {
        var width = _right - _left;
        var leftWidth = _mode - _left;
        var u = random.NextDouble();
        return u <= leftWidth / width
            ? _left + Math.Sqrt(u * (leftWidth * width))
            : _right - Math.Sqrt((1.0 - u) * ((_right - _mode) * width));
    }
}
