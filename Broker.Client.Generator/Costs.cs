using System.Linq;

namespace AkkaStream.Client.Generator;

/// <summary>What an element of an array takes, on the wire and in memory.</summary>
internal static class Costs
{
    private const int ObjectHeader = 16;
    private const int Pointer = 8;
    private const int EmptyList = 32;
    private const int ShortString = 24;

    // A list that grew by doubling may have as many free places as taken ones.
    private const int Places = 2;

    /// <summary>The least bytes that an element of a list takes on the wire.</summary>
    public static int Smallest(Message m, Field list)
    {
        if (!list.IsStruct) return Wire(list.Type);
        var sum = Shape(m, list).Fields.Where(f => Conditions.Plain(m, f) is null).Sum(f => f.IsList ? 1 : f.IsStruct ? 0 : Wire(f.Type));
        return sum < 1 ? 1 : sum;
    }

    /// <summary>About how many bytes of memory an element of a list becomes, its place in the list included and what its own lists hold left out.</summary>
    public static int Element(Message m, Field list)
    {
        if (list.IsStruct) return (Places * Pointer) + Struct(m, Shape(m, list));
        return (Places * Field(list.Type)) + (list.Type == "String" ? ShortString : 0);
    }

    private static int Struct(Message m, Shape shape) => ObjectHeader + Pointer + shape.Fields.Sum(f => Property(m, f));

    private static int Property(Message m, Field f)
    {
        if (f.IsList) return Pointer + EmptyList;
        return f.IsStruct ? Pointer + Struct(m, Shape(m, f)) : Field(f.Type);
    }

    private static Shape Shape(Message m, Field f) => m.Nested.First(n => n.Name == f.Element);

    private static int Wire(string type)
    {
        switch (type)
        {
            case "Int16" or "UInt16" or "ErrorCode": return 2;
            case "Int32" or "UInt32": return 4;
            case "Int64" or "Float64": return 8;
            case "Uuid": return 16;
            default: return 1;
        }
    }

    private static int Field(string type)
    {
        switch (type)
        {
            case "Bool" or "Int8": return 1;
            case "String": return Pointer;
            case "Bytes": return 24;
            case "Records": return 32;
            default: return Wire(type);
        }
    }
}
