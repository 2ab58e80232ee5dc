"""python render.py [--out DIR] [--size 1200] [--samples 48] [--threads 2] [--pictures DIR] [name ...]
Renders the named pictures (default: all that are not there yet) to DIR as PNG and writes the WebP sizes and index.json."""
import argparse, fcntl, json, os, sys, tempfile, time
here = os.path.dirname(os.path.abspath(__file__)); sys.path.insert(0, here)
from lib import *
import lib
from PIL import Image, ImageFilter

ap = argparse.ArgumentParser()
ap.add_argument('names', nargs='*'); ap.add_argument('--out', default=os.path.join(tempfile.gettempdir(), 'carat-render')); ap.add_argument('--size', type=int, default=1200)
ap.add_argument('--samples', type=int, default=48); ap.add_argument('--threads', type=int, default=2)
ap.add_argument('--pictures', default=os.path.join(here, '..', 'pictures')); ap.add_argument('--draft', action='store_true', help='PNG only')
ap.add_argument('--force', action='store_true')
A = ap.parse_args(sys.argv[sys.argv.index('--') + 1:] if '--' in sys.argv else None)


def shoot(name, v, png):
    reset()
    v['build']()
    pts = points()
    bpy.context.view_layer.update()
    z = v.get('zoom')
    if z == 'first':
        n = len(OBJS) // 2; q = points(OBJS[:n]); 
        front = q[q[:, 1] < np.percentile(q[:, 1], 55)]; c = (front.min(0) + front.max(0)) / 2; z = (*c, np.ptp(front[:, 0]) * .72)
    wall = v.get('wall')
    if z:
        c = np.array(z[:3]); R = z[3]; u = np.random.default_rng(1).normal(size=(400, 3)); fr = c + u / np.linalg.norm(u, axis=1)[:, None] * R
        fill = 1.0
    elif v.get('frame'):
        fr = np.array(v['frame'], float); c, R, fill = (fr.min(0) + fr.max(0)) / 2, None, v['fill']
    else:
        fr, c, R = pts, (pts.min(0) + pts.max(0)) / 2, None; fill = v.get('fill', .69 if v['el'] < 40 else .76)
    d, dist = camera(v['az'], v['el'], fr, fill, lens=v.get('lens', 90), roll=v.get('roll', 0), aspect=1 / v.get('ratio', 1))
    S = v['S'] if 'S' in v else R * .75 if R else dist * 18 / 90 * .66
    lo = float(pts[:, 2].min())
    if wall is not None: surface(v.get('surface', 'paper'), max(S, 12), wall)
    else:
        p = v.get('prop'); ext = float(np.ptp(pts, axis=0)[:2].max())
        if p:
            h = S * .55
            if p[0] == 'disc': prop_disc(ext * .72, h, p[1], lo - h)
            else: prop_slab(ext * 2.1, ext * 1.5, h, p[1], lo - h, (0, 0), v.get('prot', -14))
            lo -= h
        st = surface(v.get('surface', 'paper'), max(S, 12)); st.location.z = lo - .002
    studio(S, c, d, wall=False if wall is None else wall, tone=v.get('tone', 'light'))
    exr = os.path.join(A.out, name + '.exr')
    h = int(A.size * v.get('ratio', 1)); t = time.time(); render(exr, A.size, h, A.samples, A.threads)
    a = read_exr(exr); os.remove(exr)
    img, g = develop(a, paper=True)
    Image.fromarray(img).save(png)
    print(f'{name}: {time.time() - t:.1f} s', flush=True)


def publish(name, png, widths):
    im = Image.open(png).convert('RGB'); W, H = im.size; ws = []
    for w in widths:
        r = im.resize((w, round(H * w / W)), Image.LANCZOS)
        if w > W: r = r.filter(ImageFilter.UnsharpMask(1.0, 45, 1))
        r.save(os.path.join(A.pictures, f'{name}-{w}.webp'), 'WEBP', quality=80, method=6)
    lock = open(os.path.join(A.out, 'lock'), 'w'); fcntl.flock(lock, fcntl.LOCK_EX)
    p = os.path.join(A.pictures, 'index.json'); ix = json.load(open(p)) if os.path.exists(p) else {}
    m = max(widths); ix[name] = dict(width=m, height=round(H * m / W), widths=widths)
    json.dump(dict(sorted(ix.items())), open(p + '.new', 'w'), indent=1); os.replace(p + '.new', p); lock.close()


if __name__ == '__main__':
    import pieces
    os.makedirs(A.out, exist_ok=True); os.makedirs(A.pictures, exist_ok=True)
    for n in A.names or list(pieces.PICTURES):
        png = os.path.join(A.out, n + '.png')
        if os.path.exists(png) and not A.names and not A.force: continue
        try:
            shoot(n, pieces.PICTURES[n], png)
            if not A.draft: publish(n, png, pieces.PICTURES[n].get('widths', [320, 640, 1200]))
        except Exception:
            import traceback; print('FAILED', n); traceback.print_exc()
