import theme from 'vitepress/theme';
import 'portero/define';

export default theme;
