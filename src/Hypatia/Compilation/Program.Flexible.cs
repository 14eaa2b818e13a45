using Hypatia.Devices;
using Hypatia.Lowering;

namespace Hypatia.Compilation;

/// <summary>Plans for lengths that differ from call to call, such as the size of a batch.</summary>
internal sealed partial class Program
{
    private const int PlansForOneLength = 2;       // as for training and for validation
    private const long LeastCapacity = 64;

    private bool _isRigid;

    /// <summary>
    /// A stage for any length of some leading axes, if plans were made that differ in that length alone. Null if there are too
    /// few of them, or if something in the program needs to know the length.
    /// </summary>
    private Stage? Flexible(ReadOnlySpan<NDArray> values, Key key)
    {
        long[][] keys = [.. _stages.Keys.Select(other => other.Items).Where(items => Differences(items, key.Items) is not [])];
        HashSet<int> places = [.. keys.SelectMany(items => Differences(items, key.Items))];
        if (_isRigid || keys.Length < PlansForOneLength)
        {
            return null;
        }

        long most = keys.Append(key.Items).SelectMany(items => places.Select(place => items[place])).Max();
        RunTimeLength length = RunTimeLength.AtMost(Math.Max(LeastCapacity, 2 * most));
        if (TypesWith(length, values, places) is not { } types)
        {
            return null;
        }

        Stage? stage = Compile(types, NothingKnown, length, DeviceTable.Of(_options), out Plan? plan);
        _isRigid = stage is null || !IsForAnyCapacity(plan!, length, values, places);
        return _isRigid ? null : stage;
    }

    // Whatever code depends on the capacity, be it a constant or a loop, is other code for another capacity.
    private bool IsForAnyCapacity(Plan plan, RunTimeLength length, ReadOnlySpan<NDArray> values, HashSet<int> places)
    {
        RunTimeLength other = RunTimeLength.AtMost(length.Capacity + 1);
        Compile(TypesWith(other, values, places)!, NothingKnown, other, new ReferenceDevice(), out Plan? same);
        return same is not null && plan.IsSameCodeAs(same);
    }

    // The types of values, with the length at places of the key; null if one of them is no leading axis.
    private static TensorType[]? TypesWith(RunTimeLength length, ReadOnlySpan<NDArray> values, HashSet<int> places)
    {
        var types = new TensorType[values.Length];
        int place = 0;
        int found = 0;
        for (int k = 0; k < types.Length; k++)
        {
            long[] lengths = [.. values[k].Shape];
            place++;
            if (lengths.Length > 0 && places.Contains(place))
            {
                lengths[0] = length.Capacity;
                found++;
            }

            place += lengths.Length;
            types[k] = new TensorType(values[k].DType, new Shape(lengths));
        }

        return found == places.Count ? types : null;
    }

    // Where two keys differ, if each has one and the same length there; else nothing.
    private static int[] Differences(long[] items, long[] others)
    {
        int[] places = [.. Enumerable.Range(0, items.Length).Where(place => items[place] != others[place])];
        bool isOneLength = places.All(place => items[place] == items[places[0]] && others[place] == others[places[0]]);
        return isOneLength ? places : [];
    }
}
