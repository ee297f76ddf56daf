using SkiaSharp;

namespace ImageApi.Emulator.Pictures;

/// <summary>Overlapping wave scallops in rows, as on Japanese cloth, under a great sun.</summary>
internal sealed class ScallopSea : IComposition
{
    public void Draw(Scene scene)
    {
        var (dice, palette, unit) = (scene.Dice, scene.Palette, scene.Unit);
        scene.Backdrop([.. palette.Sky.Reverse().Select(colour => Palette.Blend(colour, palette.Paper, 0.25f))]);
        var sun = new SKPoint(scene.Width * dice.Next(0.3f, 0.7f), scene.Height * 0.36f);
        var radius = unit * dice.Next(0.2f, 0.28f);
        var red = palette.Accents.MaxBy(colour => colour.Red - ((colour.Green + colour.Blue) / 2));
        scene.Circle(sun.X, sun.Y, radius * 1.7f, scene.Glow(sun, radius * 1.7f, red.WithAlpha(110), red.WithAlpha(0)));
        scene.Circle(sun.X, sun.Y, radius, scene.Gradient(new(sun.X, sun.Y - radius), new(sun.X, sun.Y + radius), Palette.Blend(red, palette.Light, 0.3f), red));
        Clouds(scene, dice.Fork(1), sun);
        var size = unit * dice.Next(0.11f, 0.17f);
        var rise = size * 0.46f;
        var rows = (int)MathF.Ceiling(scene.Height * 0.56f / rise) + 2;
        for (var row = 0; row < rows; row++)
        {
            var y = (scene.Height * 0.5f) + (row * rise);
            for (var x = ((row & 1) * size) - size; x < scene.Width + (size * 2); x += size * 2)
            {
                var own = dice.Fork((row * 131) + (int)(x / size));
                Scallop(scene, own, x, y + (MathF.Sin(scene.Turn + (x / size)) * size * 0.06f), size, row / (float)rows);
            }
        }
    }

    private static void Scallop(Scene scene, Dice dice, float x, float y, float size, float nearness)
    {
        var palette = scene.Palette;
        var deep = Palette.Blend(palette.Between(nearness), dice.Pick(palette.Accents), dice.Next(0.04f, 0.3f));
        var pale = Palette.Blend(palette.Paper, deep, 0.08f);
        const int Bands = 5;
        for (var band = 0; band < Bands; band++)
        {
            var radius = size * (1.02f - (band * 0.19f));
            scene.Circle(x, y + size, radius, scene.Fill(pale));
            var colour = Palette.Blend(deep, palette.Ink, band * 0.07f);
            scene.Circle(x, y + size, radius - (size * 0.035f), scene.Gradient(new(x, y), new(x, y + size), Palette.Blend(colour, palette.Light, 0.16f), colour));
        }
    }

    private static void Clouds(Scene scene, Dice dice, SKPoint sun)
    {
        for (var cloud = 0; cloud < 4; cloud++)
        {
            var (length, thick) = (scene.Unit * dice.Next(0.25f, 0.6f), scene.Unit * dice.Next(0.018f, 0.032f));
            var x = sun.X + (scene.Unit * dice.Next(-0.75f, 0.3f)) + (MathF.Sin(scene.Turn) * scene.Unit * 0.02f);
            var y = sun.Y + (scene.Unit * dice.Next(-0.2f, 0.16f));
            for (var line = 0; line < 3; line++)
            {
                var shift = dice.Next(-0.25f, 0.25f) * length;
                scene.Canvas.DrawRoundRect(x + shift, y + (line * thick), length * dice.Next(0.5f, 1), thick, thick / 2, thick / 2, scene.Fill(scene.Palette.Paper.WithAlpha(205)));
            }
        }
    }
}
