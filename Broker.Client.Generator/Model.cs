using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace AkkaStream.Client.Generator;

/// <summary>One field of a message, as its declaration says.</summary>
internal sealed class Field
{
    public string Name = "";
    public string Type = "";
    public string Element = "";
    public bool IsList;
    public bool IsStruct;
    public Versions In;
    public Versions Nullable;
    public Versions Tagged;
    public int Tag;
    public bool Ignorable;
    public string Default = "default";
    public Location? Place;

    /// <summary>The key in JSON: the name with its first letter small.</summary>
    public string JsonName => char.ToLowerInvariant(Name[0]) + Name.Substring(1);
}

/// <summary>The fields of a message or of a record nested in it.</summary>
internal sealed class Shape
{
    public string Name = "";
    public readonly List<Field> Fields = new List<Field>();
}

/// <summary>A message and its nested records.</summary>
internal sealed class Message
{
    private const string FieldAttribute = "AkkaStream.Client.Protocol.FieldAttribute";
    public string Namespace = "";
    public string Key = "None";
    public Versions Valid;
    public Versions Flexible;
    public Shape Root = new Shape();
    public readonly List<Shape> Nested = new List<Shape>();
    public readonly List<Diagnostic> Problems = new List<Diagnostic>();

    /// <summary>Reads a declaration.</summary>
    public static Message Of(INamedTypeSymbol type, AttributeData attribute)
    {
        var message = new Message { Namespace = type.ContainingNamespace.ToDisplayString() };
        message.Valid = message.Range(attribute.ConstructorArguments[0], type.Locations.FirstOrDefault());
        message.Flexible = message.Range(attribute.ConstructorArguments[1], type.Locations.FirstOrDefault());
        var key = attribute.NamedArguments.FirstOrDefault(a => a.Key == "Key").Value;
        if (key.Value is short number && key.Type is INamedTypeSymbol keys)
        {
            message.Key = keys.GetMembers().OfType<IFieldSymbol>().First(f => Equals(f.ConstantValue, number)).Name;
        }

        message.Root = message.ShapeOf(type);
        message.Nested.AddRange(type.GetTypeMembers().Select(message.ShapeOf));
        return message;
    }

    private Versions Range(TypedConstant text, Location? place) => Range(text.Value as string ?? "", place);

    private Versions Range(string text, Location? place)
    {
        if (Versions.Parse(text) is { } range) return range;
        Problems.Add(Diagnostic.Create(Diagnostics.BadVersions, place, text));
        return Versions.Parse("none")!.Value;
    }

    private Shape ShapeOf(INamedTypeSymbol type)
    {
        var shape = new Shape { Name = type.Name };
        foreach (var property in type.GetMembers().OfType<IPropertySymbol>())
        {
            var attribute = property.GetAttributes().FirstOrDefault(a => a.AttributeClass?.ToDisplayString() == FieldAttribute);
            if (attribute != null) shape.Fields.Add(FieldOf(property, attribute));
        }

        return shape;
    }

    private Field FieldOf(IPropertySymbol property, AttributeData attribute)
    {
        var place = property.Locations.FirstOrDefault();
        var named = attribute.NamedArguments.ToDictionary(a => a.Key, a => a.Value.Value);
        string Text(string key) => named.TryGetValue(key, out var v) ? v as string ?? "none" : "none";
        var field = new Field
        {
            Name = property.Name,
            In = Range(attribute.ConstructorArguments[0], place),
            Nullable = Range(Text("Nullable"), place),
            Tagged = Range(Text("Tagged"), place),
            Tag = named.TryGetValue("Tag", out var tag) && tag is int t ? t : -1,
            Ignorable = named.TryGetValue("Ignorable", out var ignorable) && ignorable is true,
            Place = place,
        };
        Typed(field, property.Type);
        field.Default = Initializer(property) ?? DefaultOf(field);
        if (!field.Tagged.IsNone && field.Tag < 0) Problems.Add(Diagnostic.Create(Diagnostics.NoTag, place, field.Name));
        if (field.Type == "") Problems.Add(Diagnostic.Create(Diagnostics.BadType, place, field.Name, property.Type.ToDisplayString()));
        return field;
    }

    private static void Typed(Field field, ITypeSymbol declared)
    {
        var type = declared is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } n ? n.TypeArguments[0] : declared;
        if (type is INamedTypeSymbol { Name: "List" } list)
        {
            field.IsList = true;
            type = list.TypeArguments[0];
        }

        field.Type = Wire(type);
        field.IsStruct = field.Type == "struct";
        field.Element = field.IsStruct ? type.Name : type.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString();
    }

    private static string Wire(ITypeSymbol type)
    {
        switch (type.SpecialType)
        {
            case SpecialType.System_Boolean: return "Bool";
            case SpecialType.System_SByte: return "Int8";
            case SpecialType.System_Int16: return "Int16";
            case SpecialType.System_UInt16: return "UInt16";
            case SpecialType.System_Int32: return "Int32";
            case SpecialType.System_UInt32: return "UInt32";
            case SpecialType.System_Int64: return "Int64";
            case SpecialType.System_Double: return "Float64";
            case SpecialType.System_String: return "String";
        }

        switch (type.Name)
        {
            case "Guid": return "Uuid";
            case "ErrorCode": return "ErrorCode";
            case "ReadOnlyMemory": return "Bytes";
            case "RecordsPayload": return "Records";
            default: return type.IsRecord && type.ContainingType != null ? "struct" : "";
        }
    }

    private static string? Initializer(IPropertySymbol property)
        => property.DeclaringSyntaxReferences.Select(r => r.GetSyntax()).OfType<PropertyDeclarationSyntax>().FirstOrDefault()?.Initializer?.Value.ToString();

    private static string DefaultOf(Field field) => field.IsList || field.Type == "String" || field.IsStruct ? "null" : "default";
}

/// <summary>What a declaration can have wrong.</summary>
internal static class Diagnostics
{
    public static readonly DiagnosticDescriptor BadVersions = Make("AKS001", "'{0}' is no range of versions: expected \"a-b\", \"a+\", \"a\" or \"none\"");
    public static readonly DiagnosticDescriptor NoTag = Make("AKS002", "Field '{0}' is tagged but has no Tag");
    public static readonly DiagnosticDescriptor BadType = Make("AKS003", "Field '{0}' has type '{1}', which has no form on the wire");

    private static DiagnosticDescriptor Make(string id, string text) => new DiagnosticDescriptor(id, "Message declaration", text, "AkkaStream", DiagnosticSeverity.Error, true);
}
