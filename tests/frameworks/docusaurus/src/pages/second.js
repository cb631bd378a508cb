import Link from '@docusaurus/Link';
import Layout from '@theme/Layout';

export default function Second() {
  return (
    <Layout title="second">
      <h1>second</h1>
      <Link id="next" to="/">first</Link>
      <github-sign-in proxy="https://auth.example.com"></github-sign-in>
    </Layout>
  );
}
