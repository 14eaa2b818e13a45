using Hypatia.Compilation;

namespace Hypatia;

/// <summary>How a call runs: values are read, results computed, states stored.</summary>
public sealed partial class Function
{
    private NDArray Value(int input, object given) => Arguments.Convert(given, _allowInputDowncast, _recipients[input], keepDType: true);

    private Frame Rent() => _frames.TryTake() ?? new Frame(_inputs.Length, _shared.Length, _outputs.Length, _updated.Length);

    private void Return(Frame frame)
    {
        frame.Clear();
        _frames.Add(frame);
    }

    // From the arguments in a frame's values to its results.
    private void Run(Frame frame)
    {
        if (!_hasState)
        {
            Compute(frame);
            return;
        }

        Read(frame);
        bool isComputed = false;
        try
        {
            MakeRoom(frame);
            Compute(frame);
            isComputed = true;
        }
        finally
        {
            Store(frame, isComputed);
        }
    }

    private void Compute(Frame frame)
    {
        if (!frame.GivesOutputs)
        {
            _program.Run(frame.Values!, frame.Results);
            return;
        }

        Offer(frame);
        _program.Run(frame.Values!, frame.Results);
        Deliver(frame);
    }

    private void Read(Frame frame)
    {
        lock (States.Sync)
        {
            States.AwaitTurn(_updated);
            for (int k = 0; k < _inputs.Length; k++)
            {
                if (frame.Values[k] is null)
                {
                    frame.Hold(k, _defaults[k]!.State);
                }
            }

            for (int k = 0; k < _shared.Length; k++)
            {
                frame.Hold(_inputs.Length + k, _shared[k].State);
            }

            for (int k = 0; k < _updated.Length; k++)
            {
                _updated[k].IsUpdating = true;
                frame.Results[_outputs.Length + k] = _updated[k].TakeSpare();
            }
        }
    }

    private void MakeRoom(Frame frame)
    {
        for (int k = 0; k < _updated.Length; k++)
        {
            frame.Results[_outputs.Length + k] ??= _updated[k].NewSpare();
        }
    }

    // Outputs are computed where the caller wants them, unless they are read from there.
    private void Offer(Frame frame)
    {
        for (int k = 0; k < _outputs.Length; k++)
        {
            if (frame.Given[k] is { } given)
            {
                frame.Results[k] = IsAmong(frame.Values, given) || IsAmong(frame.Results, given) ? null : given;
            }
        }
    }

    private static bool IsAmong(NDArray?[] values, NDArray given)
    {
        foreach (NDArray? value in values)
        {
            if (ReferenceEquals(value?.Elements, given.Elements))
            {
                return true;
            }
        }

        return false;
    }

    private void Deliver(Frame frame)
    {
        for (int k = 0; k < _outputs.Length; k++)
        {
            if (frame.Given[k] is not { } given || ReferenceEquals(given, frame.Results[k]))
            {
                continue;
            }

            NDArray result = frame.Results[k]!;
            if (given.DType != result.DType)
            {
                throw new DTypeException(
                    $"Output {k} of {Title()} is {result.DType.Name()}, the array given for it {given.DType.Name()}.\n"
                    + $"  Fix: give an array of {result.DType.Name()}, or cast the output.");
            }

            if (given.Shape != result.Shape)
            {
                throw new ShapeException(
                    $"Output {k} of {Title()} has shape {result.Shape}, the array given for it {given.Shape}.\n"
                    + "  Fix: give an array of the output's lengths.");
            }

            result.CopyTo(given);
        }
    }

    // Lets others have their turn, whatever happened.
    private void Store(Frame frame, bool isComputed)
    {
        States.EnterToEnd();
        frame.Release();
        for (int k = 0; k < _updated.Length; k++)
        {
            _updated[k].IsUpdating = false;
            if (isComputed)
            {
                _updated[k].Replace(frame.Results[_outputs.Length + k]!);
            }
        }

        States.EndTurn();
        Monitor.Exit(States.Sync);
    }

    /// <summary>What one call reads and returns; used again by later calls.</summary>
    private sealed class Frame(int inputs, int shared, int outputs, int updates)
    {
        private readonly NDArray[] _held = new NDArray[inputs + shared];
        private int _holds;
        private readonly NDArray?[] _keptValues = new NDArray?[inputs + shared];
        private readonly NDArray?[] _keptResults = new NDArray?[outputs + updates];
        private int _kept;

        /// <summary>Values of inputs, then of shared variables.</summary>
        public NDArray?[] Values { get; } = new NDArray?[inputs + shared];

        /// <summary>Values of outputs, then of updates.</summary>
        public NDArray?[] Results { get; } = new NDArray?[outputs + updates];

        /// <summary>Where the caller wants the outputs.</summary>
        public NDArray?[] Given { get; } = new NDArray?[outputs];

        /// <summary>Whether there is any of those.</summary>
        public bool GivesOutputs { get; set; }

        /// <summary>Reads a state, which is not written to until it is released. Under <see cref="States.Sync"/>.</summary>
        public void Hold(int value, NDArray state)
        {
            state.AddReader();
            _held[_holds++] = state;
            Values[value] = state;
        }

        /// <summary>Lets go of all states. Under <see cref="States.Sync"/>.</summary>
        public void Release()
        {
            while (_holds > 0)
            {
                _held[--_holds].RemoveReader();
            }
        }

        /// <summary>Gives a scalar input memory that all calls of this frame use.</summary>
        public void KeepValue(int input, DType dtype)
        {
            Values[input] = _keptValues[input] = NDArray.Zeros(dtype, default);
            _kept++;
        }

        /// <summary>Gives a scalar output memory that all calls of this frame use.</summary>
        public void KeepResult(int output, DType dtype)
        {
            Results[output] = _keptResults[output] = NDArray.Zeros(dtype, default);
            _kept++;
        }

        public void Set<T>(int input, T value)
            where T : unmanaged => ((T[])Values[input]!.Elements)[0] = value;

        public void Give(int output, object destination)
        {
            Given[output] = NDArray.From(destination);
            GivesOutputs = true;
        }

        public T Get<T>(int output)
            where T : unmanaged => ((T[])Results[output]!.Elements)[0];

        public T[] Vector<T>(int output)
            where T : unmanaged => (T[])Results[output]!.Elements;

        public T[,] Matrix<T>(int output)
            where T : unmanaged => Results[output]!.ToMatrix<T>();

        public NDArray Output(int output) => Results[output]!;

        /// <summary>Forgets what a call was given and returned.</summary>
        public void Clear()
        {
            if (_kept == Values.Length + Results.Length)
            {
                return;
            }

            Array.Clear(Values);
            Array.Clear(Results);
            Array.Clear(Given);
            GivesOutputs = false;
            if (_kept > 0)
            {
                _keptValues.CopyTo(Values);
                _keptResults.CopyTo(Results);
            }
        }
    }
}
