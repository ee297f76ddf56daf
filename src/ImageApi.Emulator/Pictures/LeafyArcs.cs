using SkiaSharp;

namespace ImageApi.Emulator.Pictures;

/// <summary>Stems with leaves that bend over a pale ground, before a disc.</summary>
internal sealed class LeafyArcs : IComposition
{
    public void Draw(Scene scene)
    {
        var (dice, palette, unit) = (scene.Dice, scene.Palette, scene.Unit);
        var paper = palette.Paper;
        scene.Backdrop(Palette.Blend(paper, SKColors.White, 0.3f), paper, Palette.Blend(paper, palette.Accents[0], 0.14f));
        var disc = new SKPoint(scene.Width * dice.Next(0.35f, 0.65f), scene.Height * dice.Next(0.32f, 0.46f));
        var radius = unit * dice.Next(0.2f, 0.29f);
        var warm = dice.Pick(palette.Accents);
        scene.Circle(disc.X, disc.Y, radius, scene.Gradient(new(disc.X, disc.Y - radius), new(disc.X, disc.Y + radius), warm, Palette.Blend(warm, paper, 0.65f)));
        scene.Circle(disc.X, disc.Y, radius * 1.16f, scene.Stroke(palette.Ink.WithAlpha(70), unit * 0.0018f));
        var stems = 9 + dice.Pick(6) + (int)(scene.Width / scene.Height * 3);
        for (var stem = 0; stem < stems; stem++)
        {
            var own = dice.Fork(50 + stem);
            var x = scene.Width * ((stem + own.Next(0, 1)) / stems);
            var colour = Palette.Blend(own.Pick(palette.Accents), palette.Ink, own.Next(0.05f, 0.5f));
            Stem(scene, own, x, unit * own.Next(0.35f, 0.85f), colour);
        }
    }

    private static void Stem(Scene scene, Dice dice, float x, float length, SKColor colour)
    {
        var unit = scene.Unit;
        var bend = dice.Next(-0.55f, 0.55f) + (MathF.Sin(scene.Turn + dice.Next(0, MathF.Tau)) * 0.05f);
        SKPoint Along(float share) => new(x + (length * bend * share * share), (scene.Height * 1.02f) - (length * share * (1 - (0.18f * share * Math.Abs(bend)))));
        using var path = new SKPath();
        path.MoveTo(Along(0));
        for (var at = 1; at <= 24; at++)
        {
            path.LineTo(Along(at / 24f));
        }

        scene.Canvas.DrawPath(path, scene.Stroke(colour, unit * 0.004f));
        var pairs = 7 + dice.Pick(8);
        var (slim, size) = (dice.Next(0.22f, 0.42f), dice.Next(0.07f, 0.13f) * unit);
        var buds = dice.Chance(0.25f);
        for (var pair = 1; pair <= pairs; pair++)
        {
            var share = 0.15f + (0.85f * pair / pairs);
            var (here, ahead) = (Along(share), Along(share + 0.02f));
            var heading = MathF.Atan2(ahead.Y - here.Y, ahead.X - here.X) * 180 / MathF.PI;
            var leaf = size * (1.1f - (share * 0.7f));
            foreach (var side in new[] { -1, 1 })
            {
                scene.Canvas.Save();
                scene.Canvas.Translate(here.X, here.Y);
                scene.Canvas.RotateDegrees(heading + (side * 48));
                if (buds)
                {
                    scene.Canvas.DrawLine(0, 0, leaf * 0.5f, 0, scene.Stroke(colour, unit * 0.0025f));
                    scene.Circle(leaf * 0.55f, 0, leaf * 0.16f, scene.Fill(Palette.Blend(colour, scene.Palette.Light, 0.45f)));
                }
                else
                {
                    Leaf(scene, leaf, slim, Palette.Blend(colour, scene.Palette.Light, side < 0 ? 0.14f : 0.02f));
                }

                scene.Canvas.Restore();
            }
        }
    }

    private static void Leaf(Scene scene, float length, float slim, SKColor colour)
    {
        using var path = new SKPath();
        path.MoveTo(0, 0);
        path.QuadTo(length * 0.45f, -length * slim, length, 0);
        path.QuadTo(length * 0.45f, length * slim, 0, 0);
        scene.Canvas.DrawPath(path, scene.Fill(colour.WithAlpha(232)));
        scene.Canvas.DrawLine(0, 0, length * 0.86f, 0, scene.Stroke(scene.Palette.Paper.WithAlpha(90), length * 0.016f));
    }
}
