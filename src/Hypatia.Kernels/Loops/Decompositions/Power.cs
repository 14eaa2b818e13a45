namespace Hypatia.Loops.Decompositions;

/// <summary>
/// Powers by xʸ = 2^(y·log₂|x|), with the logarithm and the product as sums of two floats: the first has few enough bits
/// that products of two such are exact, fused or not.
/// </summary>
/// <remarks>
/// log₂(1 + f) = 2/(3·log 2) · s·(3 + s² + R) with s = f / (2 + f) and R = s⁴·(3/5 + 3/7·s² + …), a polynomial of least error. The
/// scheme of FreeBSD's msun (Ng, 1993).
/// </remarks>
internal static class Power
{
    private const double LogFactor = 0.9617966939259756;            // 2 / (3·log 2) as a float64
    private const double LogFactorRest = 5.0577616648125906e-17;    // and what that lacks

    private static readonly double[] RestSingle = [0.5999999040664352, 0.428588618191685, 0.3322793155787173, 0.2993866420620195];

    private static readonly double[] RestDouble =
    [
        0.5999999999999959, 0.42857142857365765, 0.33333333286912403, 0.2727273228528024, 0.23076610160774888, 0.20011711677488922,
        0.17388608335384143, 0.18856744245764026,
    ];

    /// <summary>xʸ: 1.2 ulp, 1 where products fuse, with the special cases of C's <c>pow</c>.</summary>
    public static Scalar Pow(Scalar x, Scalar y) => InParts(x, y).Power;

    /// <summary>The same, and what is half of the way to it: log₂|x|, as a float of few bits and the rest.</summary>
    public static (Scalar Power, Scalar Log, Scalar LogRest) InParts(Scalar x, Scalar y)
    {
        FloatFormat format = FloatFormat.Of(x.DType);
        Scalar zero = format.Number(0), one = format.Number(1), infinity = format.Number(double.PositiveInfinity);
        Scalar size = Scalar.Apply(UnaryOp.Abs, x);
        Scalar isRegular = Scalar.And(Scalar.Less(zero, size), Scalar.Less(size, infinity));
        Scalar inverse = Scalar.If(Scalar.Apply(BinaryOp.Eq, size, zero), infinity, Scalar.If(Scalar.Less(zero, size), zero, size));
        Scalar ofEdge = Scalar.If(Scalar.Less(zero, y), size, Scalar.If(Scalar.Less(y, zero), inverse, y));
        (Scalar log, Scalar logRest) = Log2(format, size);
        Scalar power = Scalar.If(isRegular, OfLog(format, log, logRest, y), ofEdge);

        Scalar halfY = y * 0.5;
        Scalar isInteger = Scalar.Apply(BinaryOp.Eq, Scalar.Apply(UnaryOp.Floor, y), y);
        Scalar isOdd = Scalar.And(isInteger, Scalar.Apply(BinaryOp.Ne, Scalar.Apply(UnaryOp.Floor, halfY), halfY));
        Scalar signed = Scalar.If(isOdd, format.WithSign(power, x), power);
        Scalar isUndefined = Scalar.And(
            Scalar.And(Scalar.Less(x, zero), Scalar.Less(-infinity, x)), Scalar.Apply(UnaryOp.Not, isInteger));
        signed = Scalar.If(isUndefined, format.Number(double.NaN), signed);
        Scalar isOne = Scalar.Apply(BinaryOp.Or, Scalar.Apply(BinaryOp.Eq, y, zero), Scalar.Apply(BinaryOp.Eq, x, one));
        return (Scalar.If(isOne, one, signed), log, logRest);
    }

    // 2^(y·log₂x) for 0 < x < ∞
    private static Scalar OfLog(FloatFormat format, Scalar log, Scalar logRest, Scalar y)
    {
        y = Clamp(format, y, format.Pick(Math.Pow(2, 33), Math.Pow(2, 65)));        // beyond, results are 0, 1 or ∞ all the same
        Scalar yHigh = format.High(y);
        Scalar product = yHigh * log;
        Scalar rest = ((y - yHigh) * log) + (y * logRest);
        Scalar nearest = format.Round(Clamp(format, product + rest, format.Pick(200.0, 1200.0)), 1).Nearest;
        return Scalar.Apply(
            BinaryOp.Scale, Exponential.OfFraction(format, Clamp(format, (product - nearest) + rest, 1)), nearest);
    }

    // log₂ x as a float of few bits and the rest
    private static (Scalar Log, Scalar LogRest) Log2(FloatFormat format, Scalar x)
    {
        Scalar k = Scalar.Apply(UnaryOp.Exponent, x), f = Scalar.Apply(UnaryOp.Significand, x) - 1;
        Scalar denominator = f + 2;
        Scalar denominatorHigh = format.High(denominator);
        Scalar denominatorRest = (denominator - denominatorHigh) + (f - (denominator - 2));
        Scalar inverse = 1 / denominator;
        Scalar s = f * inverse;
        Scalar sHigh = format.High(s);
        Scalar sRest = inverse * ((f - (sHigh * denominatorHigh)) - (sHigh * denominatorRest));
        Scalar z = s * s;
        Scalar r = (z * z * format.Polynomial(z, format.Pick(RestSingle, RestDouble))) + (sRest * (sHigh + s));
        Scalar square = sHigh * sHigh;
        Scalar sum = format.High(square + 3 + r);
        Scalar sumRest = r - (sum - 3 - square);
        Scalar product = sHigh * sum;
        Scalar productRest = (sRest * sum) + (sumRest * s);
        Scalar high = format.High(product + productRest);
        Scalar low = productRest - (high - product);
        double factorHigh = format.HighOf(LogFactor);
        Scalar logHigh = high * factorHigh;
        Scalar logLow = (high * (LogFactor - factorHigh + LogFactorRest)) + (low * LogFactor);
        Scalar log = format.High(logHigh + logLow + k);
        return (log, logLow - (log - k - logHigh));
    }

    private static Scalar Clamp(FloatFormat format, Scalar x, double limit)
    {
        (Scalar low, Scalar high) = (format.Number(-limit), format.Number(limit));
        x = Scalar.If(Scalar.Less(x, low), low, x);
        return Scalar.If(Scalar.Less(high, x), high, x);
    }
}
