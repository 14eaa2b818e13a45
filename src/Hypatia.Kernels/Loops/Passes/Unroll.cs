using System.Collections.Immutable;

namespace Hypatia.Loops.Passes;

/// <summary>
/// Replaces each <see cref="LoopKind.Unrolled"/> loop of literal extent by copies of its body, one per index. One whose
/// extent is not literal becomes serial. Afterwards no variable or memory is introduced twice.
/// </summary>
public static class Unroll
{
    /// <summary>The kernel without unrolled loops.</summary>
    public static Kernel Apply(Kernel kernel)
    {
        var body = ImmutableArray.CreateBuilder<Statement>();
        Append(body, kernel.Body, new Substitution(), new HashSet<object>(ReferenceEqualityComparer.Instance));
        return new Kernel(kernel.Name, kernel.Parameters, new Block(body.ToImmutable()));
    }

    private static void Append(
        ImmutableArray<Statement>.Builder body, Statement statement, Substitution names, HashSet<object> introduced)
    {
        Block Copy(Block block)
        {
            var copy = ImmutableArray.CreateBuilder<Statement>();
            Append(copy, block, names, introduced);
            return new Block(copy.ToImmutable());
        }

        switch (statement)
        {
            case Block block:
                foreach (Statement child in block.Statements)
                {
                    Append(body, child, names, introduced);
                }

                break;
            case For { Kind: LoopKind.Unrolled } loop when names.Apply(loop.Extent) is Literal { Value.AsInt64: var extent }:
                for (long i = 0; i < extent; i++)
                {
                    var copy = new Substitution(names);
                    copy.Replace(loop.Index, Scalar.Int(i));
                    Append(body, loop.Body, copy, introduced);
                }

                break;
            case For loop:
                Scalar count = names.Apply(loop.Extent);
                Variable index = Introduce(loop.Index);
                LoopKind kind = loop.Kind == LoopKind.Unrolled ? LoopKind.Serial : loop.Kind;
                body.Add(new For(index, count, kind, Copy(loop.Body)));
                break;
            case Let let:
                Scalar value = names.Apply(let.Value);
                body.Add(new Let(Introduce(let.Variable), value));
                break;
            case Store store:
                body.Add(new Store(names.Apply(store.Memory), names.Apply(store.Index), names.Apply(store.Value)));
                break;
            case Accumulate update:
                body.Add(new Accumulate(
                    names.Apply(update.Memory), names.Apply(update.Index), update.Op, names.Apply(update.Value)));
                break;
            case Prefetch prefetch:
                body.Add(new Prefetch(names.Apply(prefetch.Memory), names.Apply(prefetch.Index)));
                break;
            case If choice:
                switch (names.Apply(choice.Condition))
                {
                    case Literal { Value.AsBool: true }:
                        Append(body, choice.Then, names, introduced);
                        break;
                    case Literal:
                        break;
                    case var condition:
                        body.Add(new If(condition, Copy(choice.Then)));
                        break;
                }

                break;
            case Allocate allocate:
                body.Add(new Allocate(
                    introduced.Add(allocate.Memory) ? allocate.Memory : names.Renew(allocate.Memory)));
                break;
            case Contract c:
                body.Add(c.With(names.Apply, CopyOf(c.Epilogue)).In(names.Apply));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(statement), statement.GetType(), "unknown statement");
        }

        Epilogue? CopyOf(Epilogue? epilogue)
        {
            if (epilogue is null)
            {
                return null;
            }

            (Variable batch, Variable row) = (Introduce(epilogue.Batch), Introduce(epilogue.Row));
            Variable column = Introduce(epilogue.Column);
            return new Epilogue(batch, row, column,
                [.. epilogue.Stores.Select(x => new Store(names.Apply(x.Memory), names.Apply(x.Index), names.Apply(x.Value)))]);
        }

        Variable Introduce(Variable variable) => introduced.Add(variable) ? variable : names.Renew(variable);
    }
}
