namespace Hypatia.Loops.Passes;

/// <summary>
/// An epilogue as a kernel of its own, over a region of one product, for targets that finish a product block by block.
/// </summary>
internal static class EpilogueKernel
{
    /// <summary>
    /// The kernel. Its first parameter is the region, as five int64: the product of the batch, the first row, the number of
    /// rows, the first column, the number of columns. The others are the memories of the epilogue, in order.
    /// </summary>
    public static Kernel Of(Epilogue epilogue)
    {
        var region = new Memory("region", DType.Int64, 5, MemoryScope.Global);
        Scalar Of(long k) => new Load(region, Scalar.Int(k));

        Variable row = new(epilogue.Row.Name, DType.Int64);
        Variable column = new(epilogue.Column.Name, DType.Int64);
        var names = new Substitution();
        names.Replace(epilogue.Batch, Of(0));
        names.Replace(epilogue.Row, Of(1) + row);
        names.Replace(epilogue.Column, Of(3) + column);

        HashSet<Memory> written = new(epilogue.Stores.Select(store => store.Memory), ReferenceEqualityComparer.Instance);
        List<Parameter> parameters = [new(region, IsWritten: false)];
        foreach (Memory memory in epilogue.Memories())
        {
            var parameter = new Memory(memory.Name, memory.DType, memory.Count, MemoryScope.Global);
            names.Replace(memory, parameter);
            parameters.Add(new Parameter(parameter, written.Contains(memory)));
        }

        var stores = epilogue.Stores.Select(
            store => new Store(names.Apply(store.Memory), names.Apply(store.Index), names.Apply(store.Value)));
        var columns = new For(column, Of(4), LoopKind.Vector, new Block(stores));
        return new Kernel("epilogue", [.. parameters], new Block(new For(row, Of(2), LoopKind.Serial, new Block(columns))));
    }
}
