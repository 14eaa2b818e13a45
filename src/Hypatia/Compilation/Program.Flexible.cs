using System.Numerics;
using Hypatia.Devices;
using Hypatia.Lowering;

namespace Hypatia.Compilation;

/// <summary>Plans for lengths that differ from call to call, such as the size of a batch.</summary>
internal sealed partial class Program
{
    private const long LeastCapacity = 64;
    private const int Spare = 2;
    private const int Trials = 2;

    private bool _isRigid;

    /// <summary>
    /// A stage for any length of some leading axes, if a plan was made for other arguments that differ in that length alone.
    /// Null if there is none, or if something in the program needs to know the length.
    /// </summary>
    private Stage? Flexible(ReadOnlySpan<NDArray> values, Key key)
    {
        var isLength = new bool[key.Items.Length];
        long most = 0;
        foreach (KeyValuePair<Key, Stage> known in _isRigid ? [] : _stages)
        {
            foreach (int place in Differences(known.Key.Items, key.Items))
            {
                isLength[place] = true;
                most = Math.Max(most, Math.Max(known.Key.Items[place], key.Items[place]));
            }
        }

        if (most == 0)
        {
            return null;
        }

        // If one capacity is at a limit where code changes, or the length of something else, the next one is not.
        long capacity = (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(LeastCapacity, Spare * most));
        for (int trial = 0; trial < Trials; trial++)
        {
            RunTimeLength length = RunTimeLength.AtMost(capacity << trial), other = RunTimeLength.AtMost(length.Capacity - 1);
            if (TypesWith(length, values, isLength) is not { } types)
            {
                return null;
            }

            // Whatever code depends on the capacity, be it a constant or a loop, is other code for another capacity.
            TensorType[] otherTypes = TypesWith(other, values, isLength)!;
            Task<Plan?> lowered = Task.Run(() =>
            {
                Compile(otherTypes, NothingKnown, other, _options with { CustomDevice = new ReferenceDevice(), Debug = 0 }, out Plan? same);
                return same;
            });
            Stage? stage = Compile(types, NothingKnown, length, _options, out Plan? plan);
            if (stage is not null && lowered.GetAwaiter().GetResult() is { } same && plan!.IsSameCodeAs(same))
            {
                return stage;
            }
        }

        _isRigid = true;
        return null;
    }

    // The types of values, with the length at some places of the key; null if one of them is no leading axis.
    private static TensorType[]? TypesWith(RunTimeLength length, ReadOnlySpan<NDArray> values, bool[] isLength)
    {
        var types = new TensorType[values.Length];
        int place = 0;
        for (int k = 0; k < types.Length; k++)
        {
            long[] lengths = [.. values[k].Shape];
            for (int axis = -1; axis < lengths.Length; axis++, place++)     // of the key: a dtype, then lengths
            {
                if (isLength[place] && axis != 0)
                {
                    return null;
                }

                if (isLength[place])
                {
                    lengths[axis] = length.Capacity;
                }
            }

            types[k] = new TensorType(values[k].DType, new Shape(lengths));
        }

        return types;
    }

    // Where two keys differ, if each has one and the same length there; else nothing.
    private static int[] Differences(long[] items, long[] others)
    {
        int[] places = [.. Enumerable.Range(0, items.Length).Where(place => items[place] != others[place])];
        bool isOneLength = places.All(place => items[place] == items[places[0]] && others[place] == others[places[0]]);
        return isOneLength ? places : [];
    }
}
