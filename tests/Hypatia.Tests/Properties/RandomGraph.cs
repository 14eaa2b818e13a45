namespace Hypatia.Tests.Properties;

/// <summary>A random expression over a few inputs, with values for them, made from a seed.</summary>
internal sealed class RandomGraph
{
    private readonly System.Random _random;
    private readonly List<Expr> _pool = [];
    private readonly List<(Expr Variable, object Value)> _inputs = [];

    public RandomGraph(int seed, int size)
    {
        _random = new System.Random(seed);
        long[] lengths = [1, 2, 3, 5, 17, 40];
        long rows = Pick(lengths);
        long columns = Pick(lengths);
        AddInput([rows, columns]);
        AddInput([rows, columns]);
        AddInput([columns]);
        AddInput([rows, 1]);
        AddInput([columns, Pick(lengths)]);
        while (_pool.Count < size)
        {
            if (Grow() is { } grown && grown.Type.Rank <= 3)
            {
                _pool.Add(grown);
            }
        }

        Outputs = [_pool[^1], _pool[_random.Next(_pool.Count)], .. Gradient()];
    }

    public IReadOnlyList<Expr> Outputs { get; }

    public IReadOnlyList<(Expr Variable, object Value)> Inputs => _inputs;

    private void AddInput(long[] shape)
    {
        // Lengths stay unknown while the graph is built, so that mistakes show up when it is called.
        Expr variable = T.Tensor(TensorType.OfRank(DType.Float64, shape.Length), $"x{_inputs.Count}");
        NDArray value = NDArray.Wrap(
            Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => (_random.NextDouble() * 3) - 1.5).ToArray(), shape);
        _inputs.Add((variable, value));
        _pool.Add(variable);
    }

    private IEnumerable<Expr> Gradient()
    {
        Expr cost = T.Sum(T.Tanh(_pool[^1]));
        return T.Grad(cost, [_inputs[0].Variable, _inputs[2].Variable], disconnectedInputs: DisconnectedInputs.Ignore);
    }

    private Expr? Grow()
    {
        Expr x = Pick(_pool);
        switch (_random.Next(18))
        {
            case 0: return T.Tanh(x);
            case 1: return T.Exp(T.Minimum(x, 1));
            case 2: return NNet.Sigmoid(x);
            case 3: return T.Sqr(x);
            case 4: return -x;
            case 5: return T.Log(1 + T.Exp(x));
            case 6: return x * (_random.Next(5) - 2);
            case 7: return x + (_random.Next(3) - 1);
            case 8: return Same(x, (a, b) => a + b);
            case 9: return Same(x, (a, b) => a * b);
            case 10: return Same(x, (a, b) => T.Switch(T.Gt(a, b), a - b, b / 2));
            case 11 when x.Rank > 0: return T.Sum(x, _random.Next(x.Rank), keepDims: _random.Next(2) == 0);
            case 12 when x.Rank > 0: return T.Max(x, _random.Next(x.Rank), keepDims: true);
            case 13 when x.Rank == 2: return NNet.Softmax(x);
            case 14 when x.Rank == 2: return x.T;
            case 15 when x.Rank == 2: return T.Dot(x.T, x) / 40;
            case 16 when x.Rank > 0: return T.Concatenate([x, x * 0.5], _random.Next(x.Rank))[(.., -1)];
            case 17 when x.Rank > 0: return T.Reshape(x, -1)[1..] * 0.5;
            default: return null;
        }
    }

    // An operation on two expressions that are known to broadcast: made from one another, or from the same inputs.
    private Expr Same(Expr x, Func<Expr, Expr, Expr> op)
    {
        Expr other = _random.Next(3) switch
        {
            0 => T.Sin(x),
            1 when x.Rank > 0 => T.Mean(x, _random.Next(x.Rank), keepDims: true),
            _ => 1 - (x * 0.25),
        };
        return _random.Next(2) == 0 ? op(x, other) : op(other, x);
    }

    private TItem Pick<TItem>(IReadOnlyList<TItem> items) => items[_random.Next(items.Count)];
}
