using System.Globalization;
using System.Net;
using System.Text;

namespace Isolation.Samples.NetLab;

/// <summary>The topology as text for Mermaid, and as SVG.</summary>
internal static class Drawing
{
    private const int Column = 190, Row = 130, Width = 96, Height = 36;

    public static string ToMermaid(LabDescription lab)
    {
        var text = new StringBuilder("flowchart TD\n");
        foreach (Node node in lab.Nodes)
        {
            (string open, string close) = node.Kind switch
            {
                NodeKind.Host => ("[", "]"),
                NodeKind.Switch => ("{{", "}}"),
                _ => ("((", "))"),
            };
            text.Append(CultureInfo.InvariantCulture, $"    {Id(node)}{open}\"{node.Name}\"{close}\n");
        }

        foreach (LabLink link in lab.Links)
            text.Append(CultureInfo.InvariantCulture, $"    {Id(link.First.Node)} ---|\"{link.Name}{string.Concat(link.Ends.Where(e => e.Address is not null).Select(e => $"<br/>{e}"))}\"| {Id(link.Second.Node)}\n");
        return text.ToString();

        // A node of Mermaid cannot be called "end", for one.
        static string Id(Node node) => "n_" + node.Name.Replace('-', '_');
    }

    /// <summary>Switches and routers in a row, the hosts of each in columns below it.</summary>
    public static string ToSvg(LabDescription lab)
    {
        Dictionary<Node, (int X, int Y)> places = Place(lab);
        int width = places.Values.Max(p => p.X) + Column / 2 + 20, height = places.Values.Max(p => p.Y) + 70;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        text.Append(CultureInfo.InvariantCulture, $"<rect width=\"{width}\" height=\"{height}\" fill=\"white\"/>\n");
        foreach (LabLink link in lab.Links)
            AppendLink(text, link, places[link.First.Node], places[link.Second.Node]);
        foreach (Node node in lab.Nodes)
            AppendNode(text, node, places[node].X, places[node].Y);
        return text.Append("</svg>\n").ToString();
    }

    private static Dictionary<Node, (int X, int Y)> Place(LabDescription lab)
    {
        var places = new Dictionary<Node, (int X, int Y)>();
        List<Node> row = Walk(lab);
        int column = 0;
        foreach (Node node in row)
        {
            Node[] hosts = [.. lab.Hosts.Where(h => lab.Links.First(l => l.Ends.Any(e => e.Node == h)).Ends.First(e => e.Node != h).Node == node)];
            int columns = Math.Max(1, hosts.Length);
            for (int i = 0; i < hosts.Length; i++)
                places[hosts[i]] = (Column / 2 + ((column + i) * Column), 60 + Row);
            places[node] = ((column * Column) + (columns * Column / 2), 60);
            column += columns;
        }

        // Hosts that are connected with hosts only.
        foreach (Node host in lab.Hosts.Where(h => !places.ContainsKey(h)))
            places[host] = (Column / 2 + (column++ * Column), 60 + Row);
        return places;
    }

    // Neighbours beside each other.
    private static List<Node> Walk(LabDescription lab)
    {
        var order = new List<Node>();
        foreach (Node node in lab.Nodes)
            Visit(node);
        return order;

        void Visit(Node node)
        {
            if (node.Kind == NodeKind.Host || order.Contains(node))
                return;
            order.Add(node);
            foreach (LabLink link in lab.Links.Where(l => l.Ends.Any(e => e.Node == node)))
                Visit(link.Ends.First(e => e.Node != node).Node);
        }
    }

    private static void AppendLink(StringBuilder text, LabLink link, (int X, int Y) from, (int X, int Y) to)
    {
        // In one row, what leads past a neighbour goes around it.
        bool far = from.Y == to.Y && Math.Abs(from.X - to.X) > 2 * Column;
        int bend = far ? from.Y - 60 : (from.Y + to.Y) / 2, x = (from.X + to.X) / 2;
        text.Append(CultureInfo.InvariantCulture, $"<path d=\"M {from.X} {from.Y} Q {x} {bend} {to.X} {to.Y}\" fill=\"none\" stroke=\"#444\" stroke-width=\"1.5\"/>\n");
        int y = far ? (from.Y + bend) / 2 : bend;
        string[] lines = [link.Name, .. link.Ends.Where(e => e.Address is not null).Select(e => $"{e.Address}/{e.PrefixLength}")];
        for (int i = 0; i < lines.Length; i++)
        {
            int line = y - 4 - ((lines.Length - 1 - i) * 14) + (from.Y == to.Y ? -2 : 14);
            text.Append(CultureInfo.InvariantCulture, $"<text x=\"{x}\" y=\"{line}\" text-anchor=\"middle\" stroke=\"white\" stroke-width=\"4\" paint-order=\"stroke\" fill=\"{(i == 0 ? "#444" : "#1565c0")}\">{WebUtility.HtmlEncode(lines[i])}</text>\n");
        }
    }

    private static void AppendNode(StringBuilder text, Node node, int x, int y)
    {
        string shape = node.Kind switch
        {
            NodeKind.Router => string.Create(CultureInfo.InvariantCulture, $"<ellipse cx=\"{x}\" cy=\"{y}\" rx=\"{Width / 2}\" ry=\"{Height / 2 + 4}\" fill=\"#ffe0b2\" stroke=\"#444\"/>"),
            NodeKind.Switch => string.Create(CultureInfo.InvariantCulture, $"<rect x=\"{x - (Width / 2)}\" y=\"{y - (Height / 2)}\" width=\"{Width}\" height=\"{Height}\" fill=\"#c8e6c9\" stroke=\"#444\"/>"),
            _ => string.Create(CultureInfo.InvariantCulture, $"<rect x=\"{x - (Width / 2)}\" y=\"{y - (Height / 2)}\" width=\"{Width}\" height=\"{Height}\" rx=\"9\" fill=\"#bbdefb\" stroke=\"#444\"/>"),
        };
        text.Append(shape).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"<text x=\"{x}\" y=\"{y + 4}\" text-anchor=\"middle\">{WebUtility.HtmlEncode(node.Name)}</text>\n");
    }
}
